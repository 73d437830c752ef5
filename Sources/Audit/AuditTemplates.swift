import Exchange

/// Records of reads that differ in nothing but their moment, their names and their bytes.
///
/// Whoever installs asks for the same files with the same token from the same address, over and
/// over: what was written of one such read is most of what there is to write of the next, and
/// copying is twenty times as fast as writing. Used by one thread.
struct AuditTemplates {
  /// What a read's record follows from, but for what is its own.
  private struct Key: Hashable {
    let path: String
    let method: String
    let agent: String
    let peer: String
    let status: Int
    let arn: String?
    let accessKeyID: String?
    let issuedAt: Int64?
  }

  /// A record in pieces, between which its own parts stand.
  private struct Template {
    /// Up to its time, from there to its bytes, from there to the two names, and the end.
    let pieces: [[UInt8]]
  }

  /// How many are remembered, about a kilobyte each.
  private static let capacity = 2048
  // Texts that stand in a record once, in the place of its own parts.
  private static let moment: UInt64 = 253_402_300_799_000
  private static let byteCount: UInt64 = 18_446_744_073_709_551_557
  private static let requestID = "7b1f5b52-0000-4000-8000-request00000"
  private static let eventID = "7b1f5b52-0000-4000-8000-event0000000"

  private let record: AuditRecord
  private var templates: [Key: Template] = [:]
  /// The last second's text: thousands of records share it.
  private var second: (number: UInt64, text: [UInt8]) = (.max, [])

  init(_ record: AuditRecord) {
    self.record = record
  }

  /// Adds the record of a call to `lines`, as one line with its end.
  mutating func append(_ entry: AuditEntry, eventID: String, to lines: inout [UInt8]) {
    guard let key = Self.key(of: entry) else {
      lines += record.line(for: entry, eventID: eventID)
      return
    }
    guard let template = template(of: entry, key) else {
      lines += record.line(for: entry, eventID: eventID)
      return
    }
    lines += template.pieces[0]
    lines += time(entry.milliseconds)
    lines += template.pieces[1]
    lines += String(entry.byteCount).utf8
    lines += template.pieces[2]
    lines += entry.id.utf8
    lines += template.pieces[3]
    lines += eventID.utf8
    lines += template.pieces[4]
  }

  /// Nil for a call whose record has more in it than its address, its caller and how it ended.
  private static func key(of entry: AuditEntry) -> Key? {
    let notes = entry.notes
    guard notes.followsFromAddress, notes.isReadOnly, notes.failure == nil, notes.response == nil,
      notes.resources.isEmpty, !entry.isCutOff
    else { return nil }
    return Key(
      path: entry.path,
      method: entry.method,
      agent: entry.agent,
      peer: entry.peer,
      status: entry.status,
      arn: notes.caller?.arn,
      accessKeyID: notes.caller?.accessKeyID,
      issuedAt: notes.caller?.issuedAt
    )
  }

  private mutating func template(of entry: AuditEntry, _ key: Key) -> Template? {
    if let known = templates[key] { return known }
    var stand = entry
    stand.milliseconds = Self.moment
    stand.byteCount = Self.byteCount
    stand.id = Self.requestID
    let line = record.line(for: stand, eventID: Self.eventID)
    let own = [
      AuditTime.text(Self.moment), String(Self.byteCount), Self.requestID, Self.eventID,
    ]
    guard let pieces = Self.pieces(of: line, between: own.map { Array($0.utf8) }) else {
      return nil
    }
    if templates.count >= Self.capacity { templates.removeAll(keepingCapacity: true) }
    let template = Template(pieces: pieces)
    templates[key] = template
    return template
  }

  /// Cuts a line at each of `marks`, in this order; nil where one is missing, or there twice: a
  /// client that writes such a text is no reader like any other.
  private static func pieces(of line: [UInt8], between marks: [[UInt8]]) -> [[UInt8]]? {
    var pieces: [[UInt8]] = []
    var start = 0
    for mark in marks {
      let rest = line.span.extracting(start...)
      guard let place = rest.firstIndex(of: mark) else { return nil }
      pieces.append(Array(line[start..<(start + place)]))
      start += place + mark.count
      guard line.span.extracting(start...).firstIndex(of: mark) == nil else { return nil }
    }
    return pieces + [Array(line[start...])]
  }

  private mutating func time(_ milliseconds: UInt64) -> [UInt8] {
    let number = milliseconds / 1000
    if second.number != number { second = (number, Array(AuditTime.text(milliseconds).utf8)) }
    return second.text
  }
}
