package import Disk
import Foundation
import Synchronization

/// The audit trail of a running server: one record for each call, written by a thread of its own.
///
/// What is promised:
/// 1. A call that changes something, or hands out credentials, is answered once its record is
///    durable, so that nothing is done in the dark however the server or the machine ends.
/// 2. Any other signed call is answered once its record is in the file, so that no acknowledged
///    one is lost however the server ends; a power cut may take the last of them.
/// 3. Reads of package managers wait for nothing: their records gather for
///    ``AuditOptions/lingerMilliseconds`` and go out together. A killed server loses those that
///    gather and those that are being written, and the next start says so.
/// 4. When reads come faster than the disk takes them, those beyond a bounded backlog are counted,
///    and a record of the gap says how many and when.
/// 5. While the disk refuses records, package managers still read (4 applies), and all other calls
///    wait for ``AuditOptions/patience`` and are then refused.
/// 6. When the file system is full, the trail takes the space that was reserved for it, and keeps
///    it for calls that leave something behind. All others are answered and counted, as in 4, until
///    there is room again.
package final class AuditLog: Sendable {
  private struct State {
    var backlog: AuditBacklog
    var isAsleep = false
    var isFailing: Bool
    var isClosing = false
    var whenClosed: [@Sendable () -> Void] = []
    var isClosed = false
  }

  /// How long the writer waits before it tries again what the disk refused, in milliseconds.
  private static let retryMilliseconds = 500
  private static let roomPause: Duration = .milliseconds(50)

  private let state: Mutex<State>
  private let wake = DispatchSemaphore(value: 0)
  private let options: AuditOptions
  private let reserve: SpaceReserve?
  private let complain: @Sendable (String) -> Void

  /// Opens the trail in `folder`, and starts its writer.
  ///
  /// - Parameters:
  ///   - folder: made when it is not there.
  ///   - region: the region that records name.
  ///   - options: how much is kept, and how.
  ///   - reserve: space for when the file system has no other.
  ///   - clock: the time of day in milliseconds since 1970.
  ///   - complain: told, in a sentence, what went wrong.
  /// - Throws: what keeps the trail from being opened.
  package init(
    folder: String,
    region: String,
    options: AuditOptions = AuditOptions(),
    reserve: SpaceReserve? = nil,
    clock: @escaping @Sendable () -> UInt64 = WallClock.unixMilliseconds,
    complain: @escaping @Sendable (String) -> Void
  ) throws {
    self.options = options
    self.reserve = reserve
    self.complain = complain
    // The file is opened here, so that a start fails where the trail cannot be kept.
    let opened = Opened(
      try AuditWriter.open(
        AuditFolder(path: folder),
        region: region,
        options: options,
        clock: clock,
        complain: complain
      )
    )
    let isFull = opened.writer.isOwing
    self.state = Mutex(
      State(backlog: AuditBacklog(limit: options.backlogByteLimit), isFailing: isFull)
    )
    if isFull { complain("the disk of the audit trail is full, and changes are refused") }
    try PlainThread(named: "larder-audit") { [self] in run(opened) }.detach()
  }

  /// Whether the file system is full, so that only what changes something is put on record.
  private var isTight: Bool { reserve?.isThere == false }

  /// Waits for room for the record of a call that may change something.
  ///
  /// - Parameter isReading: of a signed call that changes nothing, which goes on without room too.
  /// - Returns: whether the call may go on: true at once while there is room.
  package func hasRoom(isReading: Bool = false) async -> Bool {
    let deadline = ContinuousClock.now + options.patience
    while true {
      if isReading, isTight { return true }
      if state.withLock({ $0.backlog.hasRoom && !$0.isFailing }) { return true }
      guard ContinuousClock.now < deadline else { return false }
      // A caller that has gone is not waited for.
      do { try await Task.sleep(for: Self.roomPause) } catch { return false }
    }
  }

  /// Takes the record of a read; returns at once.
  package func record(_ entry: AuditEntry) {
    add(AuditBacklog.Item(entry: entry, done: nil))
  }

  /// Takes the record of a change, and returns once it is durable; false when the disk refused it
  /// for now, in which case it is kept and tried again.
  @discardableResult
  package func recordDurably(_ entry: AuditEntry) async -> Bool {
    await record(entry, until: .flushed)
  }

  /// Takes a record, and returns once it is in the file and outlives the server; false as for
  /// ``recordDurably(_:)``.
  @discardableResult
  package func recordSurely(_ entry: AuditEntry) async -> Bool {
    await record(entry, until: .written)
  }

  private func record(_ entry: AuditEntry, until safety: AuditBacklog.Safety) async -> Bool {
    await withCheckedContinuation { reply in
      add(AuditBacklog.Item(entry: entry, safety: safety) { reply.resume(returning: $0) })
    }
  }

  /// Writes what waits, says that the trail was closed, and returns; records that come later are
  /// not kept.
  package func close() async {
    await withCheckedContinuation { reply in
      let isClosed = state.withLock { state in
        state.isClosing = true
        if !state.isClosed { state.whenClosed.append { reply.resume() } }
        return state.isClosed
      }
      if isClosed { reply.resume() }
      wake.signal()
    }
  }

  private func add(_ item: AuditBacklog.Item) {
    if isTight, item.canBeCounted { return count(item) }
    var item = item
    let (mustWake, refused) = state.withLock { state in
      let refused = state.isClosed || state.isFailing ? item.done : nil
      if refused != nil { item.done = nil }
      guard !state.isClosed else { return (false, refused) }
      state.backlog.add(item)
      let mustWake = state.isAsleep || item.done != nil
      state.isAsleep = false
      return (mustWake, refused)
    }
    refused?(false)
    if mustWake { wake.signal() }
  }

  private func count(_ item: AuditBacklog.Item) {
    state.withLock { $0.backlog.count(item.entry.milliseconds) }
    item.done?(true)
  }
}

extension AuditLog {
  /// Carries the writer, which is not copied, to its thread.
  private final class Opened: @unchecked Sendable {
    // Used by the writer's thread only, once the initializer has handed it over.
    var writer: AuditWriter

    init(_ writer: consuming AuditWriter) {
      self.writer = writer
    }
  }

  private func run(_ opened: Opened) {
    while waitForWork() {
      let batch = state.withLock { $0.backlog.take(isTight: isTight && !$0.isClosing) }
      write(batch, opened)
    }
    finish(opened)
  }

  /// Returns once there is something to write, after a while for more to join it; false when the
  /// trail is closed and all is written.
  private func waitForWork() -> Bool {
    while true {
      let (isEmpty, isUrgent, isClosing) = state.withLock { state in
        let isEmpty = isTight ? state.backlog.hasNoRecords : state.backlog.isEmpty
        // What failed is tried until it does not, or nobody would be let in any more.
        let hasNothing = state.isClosing ? state.backlog.isEmpty : isEmpty && !state.isFailing
        state.isAsleep = hasNothing && !state.isClosing
        return (hasNothing, state.backlog.isUrgent, state.isClosing)
      }
      if isClosing { return !isEmpty }
      if isEmpty {
        wake.wait()
      } else if isUrgent || wake.wait(timeout: deadline(options.lingerMilliseconds)) == .timedOut {
        return true
      }
    }
  }

  private func write(_ batch: AuditBacklog.Batch, _ opened: Opened) {
    var batch = batch
    do {
      try write(&batch, opened)
      batch.tell(true, .written)
      try opened.writer.flush()
      let wasFailing = state.withLock { state in
        defer { state.isFailing = false }
        return state.isFailing
      }
      if wasFailing { complain("the audit trail is written again") }
      batch.tell(true, .flushed)
    } catch {
      pause(over: batch, because: error)
    }
  }

  /// Writes a batch, from the reserve if it must be.
  private func write(_ batch: inout AuditBacklog.Batch, _ opened: Opened) throws(DiskError) {
    do throws(DiskError) {
      try opened.writer.write(batch)
    } catch {
      guard error.isFull, reserve?.release() == true else { throw error }
      batch.thin()
      try opened.writer.write(batch)
    }
  }

  private func pause(over batch: AuditBacklog.Batch, because error: DiskError) {
    var batch = batch
    let (isNew, isClosing) = state.withLock { state in
      defer { state.isFailing = true }
      // A server that is told to stop does not wait for a disk to be cleared.
      if !state.isClosing { state.backlog.putBack(batch) }
      return (!state.isFailing, state.isClosing)
    }
    if isNew || isClosing {
      complain("the audit trail cannot be written, and changes are refused: \(error)")
    }
    batch.tell(false, .written)
    batch.tell(false, .flushed)
    if !isClosing { _ = wake.wait(timeout: deadline(Self.retryMilliseconds)) }
  }

  private func finish(_ opened: Opened) {
    do { try opened.writer.close() } catch {
      complain("the end of the audit trail could not be written: \(error)")
    }
    let waiting = state.withLock { state in
      state.isClosed = true
      defer { state.whenClosed = [] }
      return state.whenClosed
    }
    for reply in waiting { reply() }
  }

  private func deadline(_ milliseconds: Int) -> DispatchTime {
    .now() + .milliseconds(milliseconds)
  }
}
