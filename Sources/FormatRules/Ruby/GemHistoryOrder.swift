/// The order in which lines of ours and lines of another registry were first shown in one document
/// `versions`, so that it only grows at its end however the two take turns.
///
/// Our lines have times, and those of a registry have places in its document. A turn says how much
/// of both had been shown when it ended: the registry's lines up to a place, and after them ours up
/// to a time. Without this, each line of ours would move 20 MB of the registry's, or the other way
/// round, and every client would download all of it again.
package struct GemHistoryOrder: Hashable, Sendable {
  struct Turn: Hashable, Sendable {
    /// How many bytes of the registry's document had been shown.
    var byteCount: Int
    /// Microseconds since the beginning of 1970 in UTC: until when our lines had been shown.
    var time: Int64
  }

  /// When there were more, clients download everything once more, and turns begin anew.
  private static let mostTurns = 10_000

  /// The first line of the registry's document, which has the time of its last rebuild: one that
  /// was rebuilt has other lines in other places.
  private(set) var rebuild = ""
  private(set) var turns: [Turn] = []

  package init() {}

  /// Takes in that all lines of the registry's document and ours up to `newest` are shown.
  package mutating func note(_ registry: [UInt8], newest: Int64) {
    let whole = GemHistory.wholeByteCount(of: registry)
    let head = String(decoding: registry.prefix { $0 != 0x0A }, as: UTF8.self)
    guard let last = turns.last, head == rebuild, Self.endsLine(registry, last.byteCount) else {
      rebuild = head
      turns = [Turn(byteCount: whole, time: newest)]
      return
    }
    // Somebody may still be showing what the registry had before.
    let next = Turn(byteCount: max(whole, last.byteCount), time: max(newest, last.time))
    let former = turns.dropLast().last
    if next.byteCount == last.byteCount || former?.time == last.time {
      turns[turns.count - 1] = next
    } else {
      turns.append(next)
    }
    if turns.count > Self.mostTurns { turns = [next] }
  }

  private static func endsLine(_ registry: [UInt8], _ byteCount: Int) -> Bool {
    byteCount == 0 || byteCount > registry.count || registry[byteCount - 1] == 0x0A
  }
}

extension GemHistoryOrder {
  private enum MemberName {
    static let rebuild = "rebuild"
    static let turns = "turns"
  }

  /// The form in which it is kept: `{"rebuild":"created_at: …","turns":["20000000","1700…",…]}`.
  package var json: JSONValue {
    .object([
      .init(MemberName.rebuild, .string(rebuild)),
      .init(
        MemberName.turns,
        .array(
          turns.flatMap { [.string(String($0.byteCount)), .string(String($0.time))] }
        )
      ),
    ])
  }

  /// Reads what ``json`` wrote; nil when it is anything else.
  package init?(_ value: JSONValue) {
    guard let rebuild = value[MemberName.rebuild]?.string,
      let texts = value[MemberName.turns]?.array?.map(\.string), texts.count % 2 == 0
    else { return nil }
    self.rebuild = rebuild
    for index in stride(from: 0, to: texts.count, by: 2) {
      guard let byteCount = texts[index].flatMap({ Int($0) }), byteCount >= 0,
        let time = texts[index + 1].flatMap({ Int64($0) })
      else { return nil }
      turns.append(Turn(byteCount: byteCount, time: time))
    }
  }
}

extension GemHistory {
  /// Writes the document of our gems and of another registry's, less the lines of gems that are in
  /// `names`: all lines, those that an order knows where they were first shown.
  package static func join(
    _ own: [GemHistory],
    with registry: [UInt8],
    without names: Set<String>,
    in order: GemHistoryOrder
  ) -> [UInt8] {
    var events = own.flatMap(\.events).sorted { ($0.time, $0.line) < ($1.time, $1.line) }[...]
    var bytes = head
    var place = headByteCount(of: registry)
    for turn in order.turns {
      let end = endOfLine(at: turn.byteCount, in: registry)
      if end > place {
        append(registry[place..<end], without: names, to: &bytes)
        place = end
      }
      while let event = events.first, event.time <= turn.time {
        append(event, to: &bytes)
        events.removeFirst()
      }
    }
    append(registry[place...], without: names, to: &bytes)
    for event in events { append(event, to: &bytes) }
    return bytes
  }

  /// Writes the line that takes versions of a registry back that are not shown here, with the MD5
  /// of `info/{gem}` as it is shown.
  package static func correction(
    of listing: PackageListing,
    without versions: Set<String>
  ) -> String {
    let marks = versions.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { "-\($0)" }
    let checksum = checksum(of: GemListing.info(listing))
    return "\(listing.name) \(marks.joined(separator: ",")) \(checksum)\n"
  }

  /// The newest of our lines, in microseconds since the beginning of 1970 in UTC.
  package static func newest(_ own: [GemHistory]) -> Int64 {
    own.flatMap(\.events).map(\.time).max() ?? 0
  }

  /// How many bytes of a document are whole lines.
  static func wholeByteCount(of document: [UInt8]) -> Int {
    document.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
  }

  /// The first place from `place` on at which a line of a document begins, or its end.
  private static func endOfLine(at place: Int, in document: [UInt8]) -> Int {
    guard place > 0, place < document.count else { return min(place, document.count) }
    return document[(place - 1)...].firstIndex(of: 0x0A).map { $0 + 1 } ?? document.count
  }

  private static func headByteCount(of document: [UInt8]) -> Int {
    var place = 0
    while place < document.count {
      let end = document[place...].firstIndex(of: 0x0A) ?? document.count
      if document[place..<end].elementsEqual("---".utf8) { return min(end + 1, document.count) }
      place = end + 1
    }
    return 0
  }

  private static func append(
    _ lines: ArraySlice<UInt8>,
    without names: Set<String>,
    to bytes: inout [UInt8]
  ) {
    for line in lines.split(separator: 0x0A) where !names.contains(gem(of: line)) {
      bytes += line
      bytes.append(0x0A)
    }
  }

  private static func append(_ event: Event, to bytes: inout [UInt8]) {
    bytes += event.line.utf8
    bytes.append(0x0A)
  }
}
