import Disk
import FormatRules
import Foundation

/// Writes batches of records to the trail's newest file, and begins the next file when it is time.
///
/// Used by one thread.
struct AuditWriter: ~Copyable {
  private let folder: AuditFolder
  private let options: AuditOptions
  private var templates: AuditTemplates
  private let region: String
  private let clock: @Sendable () -> UInt64
  private let complain: @Sendable (String) -> Void
  private var file: LineFile
  private var start: UInt64
  private let sealing = DispatchQueue(label: "larder.audit.sealing", qos: .utility)
  private var identifiers = AuditIdentifiers()
  /// What could not be written of the opening, for want of room.
  private var owed: [UInt8] = []
  /// Whether the opening is not on record yet.
  var isOwing: Bool { !owed.isEmpty }

  private init(
    folder: AuditFolder,
    options: AuditOptions,
    record: AuditRecord,
    region: String,
    clock: @escaping @Sendable () -> UInt64,
    complain: @escaping @Sendable (String) -> Void,
    file: consuming LineFile,
    start: UInt64
  ) {
    self.folder = folder
    self.options = options
    self.templates = AuditTemplates(record)
    self.region = region
    self.clock = clock
    self.complain = complain
    self.file = file
    self.start = start
  }

  /// Opens the trail: goes on with the newest file, without what a crash tore of it, or begins one.
  static func open(
    _ folder: AuditFolder,
    region: String,
    options: AuditOptions,
    clock: @escaping @Sendable () -> UInt64,
    complain: @escaping @Sendable (String) -> Void
  ) throws -> AuditWriter {
    try folder.prepare()
    let now = clock()
    let newest = folder.files().last
    let next = max(now, newest.map { $0.start + 1 } ?? 0)
    let start = newest.flatMap { $0.isCompressed ? nil : $0.start } ?? next
    let path = folder.path(ofFileFrom: start)
    let file = try LineFile(at: path)
    let last = LastRecord(ofFileAt: path)
    var writer = AuditWriter(
      folder: folder,
      options: options,
      record: AuditRecord(region: region),
      region: region,
      clock: clock,
      complain: complain,
      file: file,
      start: start
    )
    try writer.begin(after: last, now: now)
    return writer
  }

  /// Notes the opening, and the gap where the last server left without a word.
  private mutating func begin(after last: LastRecord?, now: UInt64) throws {
    var lines: [UInt8] = []
    if file.tornByteCount > 0 || last.map({ $0.event != AuditEvent.closed.name }) == true {
      let event = AuditEvent.unclosed(after: last?.time, tornByteCount: file.tornByteCount)
      lines += event.line(at: now, region: region, eventID: identifiers.next())
    }
    lines += AuditEvent.opened.line(at: now, region: region, eventID: identifiers.next())
    do throws(DiskError) { try file.append(lines) } catch {
      // A server that starts on a full disk serves what it has.
      guard error.isFull else { throw error }
      owed = lines
    }
    seal(now)
  }

  /// Writes a batch, in one piece; it is durable after ``flush()``.
  mutating func write(_ batch: AuditBacklog.Batch) throws(DiskError) {
    var lines = owed
    lines.reserveCapacity(owed.count + batch.items.count * 1024)
    for item in batch.items {
      templates.append(item.entry, eventID: identifiers.next(), to: &lines)
    }
    let now = clock()
    if let lost = batch.lost {
      let gap = AuditEvent.gap(reads: lost.reads, first: lost.first, last: lost.last)
      lines += gap.line(at: now, region: region, eventID: identifiers.next())
    }
    try turn(now)
    try file.add(lines)
    owed = []
  }

  /// Makes what was written durable.
  mutating func flush() throws(DiskError) {
    try file.flush()
  }

  /// Says that the trail ends here on purpose.
  mutating func close() throws(DiskError) {
    let line = AuditEvent.closed.line(at: clock(), region: region, eventID: identifiers.next())
    try file.append(owed + line)
  }

  /// Begins the next file when this one is full, or of another day.
  private mutating func turn(_ now: UInt64) throws(DiskError) {
    let isFull = file.byteCount >= options.fileByteLimit
    let isOfYesterday = now / 86_400_000 > start / 86_400_000
    guard isFull || isOfYesterday else { return }
    let next = max(now, start + 1)
    file = try LineFile(at: folder.path(ofFileFrom: next))
    start = next
    seal(now)
  }

  private func seal(_ now: UInt64) {
    let sealer = AuditSealer(folder: folder, options: options)
    let (current, complain) = (start, complain)
    sealing.async {
      do { try sealer.seal(upTo: current, now: now) } catch {
        complain("older files of the audit trail could not be compressed or removed: \(error)")
      }
    }
  }
}

/// What the last record of a file says; nil for a file without one.
private struct LastRecord {
  /// The longest record that is looked for.
  private static let longest: UInt64 = 1 << 20

  let event: String?
  let time: UInt64?

  init?(ofFileAt path: String) {
    guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? handle.close() }
    guard let end = try? handle.seekToEnd(), end > 0,
      (try? handle.seek(toOffset: end - min(end, Self.longest))) != nil,
      let data = try? handle.readToEnd()
    else { return nil }
    let lines = data.split(separator: UInt8(ascii: "\n"))
    guard let line = lines.last else { return nil }
    let value = try? JSONReader.read([UInt8](line))
    event = value?["eventName"]?.string
    time = (value?["eventTime"]?.string).flatMap { AuditTime.milliseconds($0) }
  }
}
