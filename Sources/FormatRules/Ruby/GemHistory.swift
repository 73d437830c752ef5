internal import Bytes
internal import Codec

/// What happened to the gems of a repository, as `versions` of the compact index tells it.
///
/// Each publication and each yank is a line with the MD5 of the gem's file as it was after that,
/// and the lines stand in order of time. Because a line never depends on what came later, the
/// document only grows at its end, and clients fetch that end alone.
package struct GemHistory: Sendable {
  package struct Event: Hashable, Sendable {
    /// Microseconds since the beginning of 1970 in UTC.
    package let time: Int64
    package let line: String
  }

  /// The document's head.
  ///
  /// The time in it is that of a rebuild; nothing is ever rebuilt.
  package static let head = Array("created_at: 2020-01-01T00:00:00Z\n---\n".utf8)

  package let events: [Event]

  /// Replays a gem's history.
  package init(of listing: PackageListing) {
    var moments: [(time: Int64, version: ListedVersion, isYank: Bool)] = []
    for version in GemListing.inOrder(listing) {
      let time = version.publishedAt?.microseconds ?? 0
      let yank = version.isListed ? nil : GemListing.yankTime(of: version)?.microseconds
      guard version.isListed || yank != nil else { continue }
      moments.append((time, version, false))
      if let yank { moments.append((max(yank, time), version, true)) }
    }
    var file = InfoFile()
    events = moments.enumerated().sorted {
      ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
    }
    .map { _, moment in
      let name = moment.version.version
      if moment.isYank { file.remove(name) } else { file.append(moment.version) }
      let mark = moment.isYank ? "-" : ""
      return Event(time: moment.time, line: "\(listing.name) \(mark)\(name) \(file.checksum)")
    }
  }

  /// Writes the document of several gems.
  package static func render(_ histories: [GemHistory]) -> [UInt8] {
    let events = histories.flatMap(\.events).sorted { ($0.time, $0.line) < ($1.time, $1.line) }
    var bytes = head
    for event in events {
      bytes.append(event.line)
      bytes.append(0x0A)
    }
    return bytes
  }

  /// `info/{gem}` as it grew.
  private struct InfoFile {
    private var lines: [(version: String, text: [UInt8])] = []
    private var digest = Self.start()

    private static func start() -> MD5Stream {
      var digest = MD5Stream()
      digest.update(Array("---\n".utf8).span)
      return digest
    }

    mutating func append(_ version: ListedVersion) {
      let text = Array((GemInfoLine.text(of: version) + "\n").utf8)
      lines.append((version.version, text))
      digest.update(text.span)
    }

    mutating func remove(_ version: String) {
      lines.removeAll { $0.version == version }
      digest = Self.start()
      for line in lines { digest.update(line.text.span) }
    }

    var checksum: String { Hexadecimal.encode(digest.digest()) }
  }
}

extension GemHistory {
  /// Why no document of a compact index begins with `head` and ends with `tail`; nil when one may.
  ///
  /// All have a line `---` before their content, which nothing else does that a mirror or portal
  /// could send in their stead, and end with a newline, without which the end is missing.
  package static func flaw(ofHead head: [UInt8], tail: [UInt8]) -> String? {
    let isHeaded = head.prefix(1 << 10).split(separator: 0x0A, omittingEmptySubsequences: false)
      .dropLast().contains { $0.elementsEqual("---".utf8) }
    guard isHeaded else { return "it does not begin as a document of a compact index" }
    return tail.last == 0x0A ? nil : "its end is missing"
  }

  /// Which of `names` a document of another registry has lines for.
  package static func mentioned(in other: [UInt8], of names: Set<String>) -> Set<String> {
    guard !names.isEmpty else { return [] }
    return Set(lines(of: other).map(gem).filter(names.contains))
  }

  /// The gems that a document of another registry has lines for.
  package static func names(in other: [UInt8]) -> Set<String> {
    Set(lines(of: other).map(gem))
  }

  /// The MD5 by which clients know that they have a gem's file as it is.
  static func checksum(of info: [UInt8]) -> String {
    var digest = MD5Stream()
    digest.update(info.span)
    return Hexadecimal.encode(digest.digest())
  }

  /// The lines behind the head; none where there is no head.
  private static func lines(of document: [UInt8]) -> ArraySlice<ArraySlice<UInt8>> {
    document.split(separator: 0x0A).drop { !$0.elementsEqual("---".utf8) }.dropFirst()
  }

  static func gem(of line: ArraySlice<UInt8>) -> String {
    String(decoding: line.prefix { $0 != 0x20 }, as: UTF8.self)
  }
}
