package import BlobEngine
import Disk

/// An engine and a simulated disk, run by hand: no thread, no task, no clock.
///
/// Owns nothing but the loop: events in, effects out, until there is nothing left to do or the
/// power is gone.
package final class EngineHarness {
  package let drive: SimulatedDrive
  /// What the engine told the operator.
  package private(set) var log: [EngineLogEntry] = []
  /// What the engine did that no engine may do: a reply to nobody, no end of its own work.
  package private(set) var misconduct: String?
  /// Called with every reply that reaches a caller.
  var onReply: ((RequestID, Result<EngineReply, EngineError>) -> Void)?

  private var engine: Engine
  private var disk: SimulatedDisk
  private var waiting: Set<RequestID> = []
  private var kept: [RequestID: Result<EngineReply, EngineError>] = [:]
  private var isKept: Set<RequestID> = []
  private var nextRequest: RequestID = 1
  /// Callers come a second apart: what had failed is tried again once for each, and no oftener.
  private var callerMilliseconds: UInt64 = 0
  private var effects: [EngineEffect] = []
  private var completions: [DiskCompletion] = []
  private let seed: UInt64
  private let keys: KeyRing
  private var recompressionCount: UInt64 = 0
  /// What the harness itself has asked, and nobody waits for.
  private var ownRequests: Set<RequestID> = []

  /// Virtual time begins here: 2026, in milliseconds since 1970.
  private static let epochMilliseconds: UInt64 = 1_767_225_600_000

  package init(
    drive: SimulatedDrive,
    options: StoreOptions,
    seed: UInt64,
    breakages: Breakages = [],
    after milliseconds: UInt64 = 0,
    keys: KeyRing = KeyRing()
  ) {
    self.drive = drive
    callerMilliseconds = milliseconds - min(milliseconds, Self.epochMilliseconds)
    self.seed = seed
    self.keys = keys
    engine = Engine(
      options: options,
      generator: SeededGenerator(seed: seed),
      breakages: breakages
    )
    disk = SimulatedDisk(drive)
  }

  /// Whether no caller waits.
  package var isAnswered: Bool { waiting.isEmpty }

  /// How many records reclaim has moved since the store was opened.
  var recordMoveCount: UInt64 { engine.recordMoveCount }

  /// What reclaim has done since the store was opened.
  package var reclaimCounters: ReclaimCounters { engine.reclaimCounters }

  /// How the space is used.
  package func usage() -> StoreUsage { engine.usage() }

  /// Contradictions in the engine's own bookkeeping, one sentence each.
  package func audit() -> [String] {
    engine.audit()
  }

  /// Opens the store that is on the medium.
  ///
  /// - Returns: the engine's answer, or nil when the power went before it came.
  package func open() -> Result<OpenReport, EngineError>? {
    let id = takeRequest(keeping: true)
    engine.receive(.tick(unixMilliseconds: unixMilliseconds))
    engine.receive(.open(id, files: drive.medium.files))
    guard let answer = answer(to: id) else { return nil }
    switch answer {
    case .success(.opened(let report)): return .success(report)
    case .success:
      misconduct = "an open was answered with something else"
      return nil
    case .failure(let error): return .failure(error)
    }
  }

  /// Asks without waiting; the answer goes to ``onReply``.
  func ask(_ request: EngineRequest) -> RequestID {
    let id = takeRequest(keeping: false)
    engine.receive(.requested(id, request))
    return id
  }

  /// Asks and runs until the answer is there.
  ///
  /// - Returns: nil when the power went before it came, or when none came.
  package func answer(_ request: EngineRequest) -> Result<EngineReply, EngineError>? {
    let id = takeRequest(keeping: true)
    engine.receive(.requested(id, request))
    return answer(to: id)
  }

  /// Does what is to be done now, and waits for the next completion when there is one to come.
  ///
  /// - Returns: false when nothing happened, so that nothing will happen any more by itself.
  @discardableResult
  package func turn() -> Bool {
    guard !drive.isOff else { return false }
    engine.finishTurn(into: &effects)
    let hadEffects = !effects.isEmpty
    carryOut()
    guard !drive.isQuiet else { return hadEffects && !drive.isOff }
    disk.wait(timeout: nil, into: &completions)
    for completion in completions {
      engine.receive(.completed(completion))
    }
    completions.removeAll(keepingCapacity: true)
    engine.receive(.tick(unixMilliseconds: unixMilliseconds))
    return true
  }

  /// Runs until nothing is left to do.
  package func settle() {
    var turns = 0
    while turnOrRelease() {
      turns += 1
      if turns > 20_000 {
        misconduct = "the engine did not come to rest"
        return
      }
    }
    guard !drive.isOff, misconduct == nil else { return }
    if !waiting.isEmpty {
      misconduct = "\(waiting.count) requests were never answered"
    } else if !engine.isIdle {
      misconduct = "the engine is at rest and says that it is not"
    }
  }

  /// Takes a turn; when nothing is left but requests that are stuck, lets those go.
  private func turnOrRelease() -> Bool {
    if turn() { return true }
    guard !drive.isOff, drive.hasStuckRequests else { return false }
    drive.releaseStuckRequests()
    return true
  }

  /// The time that the engine is told.
  var unixMilliseconds: UInt64 {
    let (seconds, attoseconds) = drive.now.components
    return Self.epochMilliseconds + UInt64(seconds) * 1000
      + UInt64(attoseconds / 1_000_000_000_000_000) + callerMilliseconds
  }

  private func takeRequest(keeping: Bool) -> RequestID {
    defer { nextRequest += 1 }
    callerMilliseconds += 1_000
    engine.receive(.tick(unixMilliseconds: unixMilliseconds))
    waiting.insert(nextRequest)
    if keeping { isKept.insert(nextRequest) }
    return nextRequest
  }

  private func answer(to id: RequestID) -> Result<EngineReply, EngineError>? {
    var turns = 0
    while kept[id] == nil, turnOrRelease() {
      turns += 1
      if turns > 20_000 { break }
    }
    if let answer = kept.removeValue(forKey: id) { return answer }
    if !drive.isOff, misconduct == nil { misconduct = "a request was never answered" }
    return nil
  }

  private func carryOut() {
    for effect in effects {
      // What comes after the instant of the crash has not happened.
      guard !drive.isOff else { break }
      switch effect {
      case .submit(let request): disk.submit(request)
      case .recompress(let work): carryOut(work)
      case .reply(let id, let answer): deliver(answer, to: id)
      case .log(let entry): log.append(entry)
      }
    }
    effects.removeAll(keepingCapacity: true)
  }

  /// Compresses at once; every third time as a faulty compressor would, which nobody may notice.
  private func carryOut(_ work: Recompression) {
    recompressionCount += 1
    let isWrong = (seed &+ recompressionCount) % 3 == 0
    let results = work.run(with: keys) { bytes in
      if isWrong, !bytes.isEmpty { bytes[bytes.count / 2] ^= 1 }
    }
    ownRequests.insert(ask(.recompressed(work.id, results)))
  }

  private func deliver(_ answer: Result<EngineReply, EngineError>, to id: RequestID) {
    guard waiting.remove(id) != nil else {
      misconduct = "request \(id) was answered twice, or never asked"
      return
    }
    if ownRequests.remove(id) != nil { return }
    if isKept.remove(id) != nil {
      kept[id] = answer
    } else {
      onReply?(id, answer)
    }
  }
}
