/// Looks for one file of a gzipped tar archive, fed in pieces.
///
/// Memory is constant: 64 KiB of inflated bytes at a time, and the file itself.
package struct TarballSearch {
  private static let chunkByteCount = 64 << 10

  private let rank: @Sendable (String) -> Int?
  private let longest: Int
  var limit: InflationLimit
  private var gzip = GzipReader()
  private var tar = TarReader()
  /// The rank of the best file so far.
  private var best = Int.max
  private var collected: [UInt8]?
  /// The rank of the file that comes in.
  private var pending = Int.max

  /// The bytes of the best file that came in whole so far.
  package private(set) var found: [UInt8]?

  /// - Parameters:
  ///   - longest: how long the file may be, in bytes; longer ones are passed over.
  ///   - maximum: how much of the inflated archive is looked at, in bytes.
  ///   - rank: how good a path is: the lowest wins, and 0 ends the search; nil for what is not
  ///     wanted. Of several files with one rank the first one is taken.
  package init(
    upTo longest: Int = VersionDescription.itemByteLimit,
    inflating maximum: UInt64 = 1 << 30,
    _ rank: @escaping @Sendable (String) -> Int?
  ) {
    self.rank = rank
    self.longest = longest
    self.limit = InflationLimit(of: "archive", atMost: maximum)
  }

  /// Whether nothing that may still come could be better.
  package var isOver: Bool { best == 0 || tar.isFinished }

  /// Takes more of the archive.
  ///
  /// - Throws: ``MalformedInput`` when it is no gzipped tar archive, or a bomb.
  package mutating func feed(_ bytes: [UInt8]) throws(MalformedInput) {
    gzip.feed(bytes)
    limit.take(compressed: bytes.count)
    while !isOver {
      let chunk = try gzip.produce(upTo: Self.chunkByteCount)
      guard !chunk.isEmpty else { return }
      try limit.take(inflated: chunk.count)
      for event in try tar.feed(chunk) where best > 0 { take(event) }
    }
  }

  private mutating func take(_ event: TarReader.Event) {
    switch event {
    case .member(let member): begin(member)
    case .content(let bytes): collected?.append(contentsOf: bytes)
    case .endOfMember:
      guard let collected else { return }
      (found, best) = (collected, pending)
      self.collected = nil
    }
  }

  private mutating func begin(_ member: TarReader.Member) {
    let path = member.path.hasPrefix("./") ? String(member.path.dropFirst(2)) : member.path
    guard member.isFile, member.byteCount <= UInt64(longest), let rank = rank(path), rank < best
    else { return }
    pending = rank
    collected = []
  }
}

extension TarballSearch {
  /// Looks for the readme in the archive's top folder, or, with `folders` at 0, beside it.
  package static func readme(below folders: Int) -> TarballSearch {
    TarballSearch { path in
      let segments = path.split(separator: "/", omittingEmptySubsequences: false)
      guard segments.count == folders + 1, let name = segments.last else { return nil }
      return ReadmeName.rank(name)
    }
  }

  /// The text of the readme that was found.
  package var readme: String? { ReadmeName.text(found) }
}
