/// Looks through the `data.tar.gz` of a gem on its way in: what clients would refuse to unpack is
/// refused here, where its publisher can mend it (`Gem::Package`, "extract_tar_gz").
struct GemContents {
  /// How many bytes the files may have together, inflated.
  private static let maximumInflatedByteCount: UInt64 = 4 << 30
  private static let mostMembers = 200_000
  private static let chunkByteCount = 64 << 10

  private var gzip = GzipReader()
  private var tar = TarReader()
  var limit = InflationLimit(
    of: "the gem's data.tar.gz",
    atMost: maximumInflatedByteCount
  )
  private var memberCount = 0

  /// Takes more of it.
  mutating func feed(_ bytes: [UInt8]) throws(MalformedInput) {
    gzip.feed(bytes)
    limit.take(compressed: bytes.count)
    while true {
      let chunk = try gzip.produce(upTo: Self.chunkByteCount)
      guard !chunk.isEmpty else { return }
      try limit.take(inflated: chunk.count)
      for case .member(let member) in try tar.feed(chunk) { try check(member) }
    }
  }

  /// Checks that it came whole.
  func finish() throws(MalformedInput) {
    guard gzip.isFinished else { throw Self.failure("it was cut") }
  }

  private static func failure(_ reason: String) -> MalformedInput {
    MalformedInput("the gem's data.tar.gz", reason)
  }

  private mutating func check(_ member: TarReader.Member) throws(MalformedInput) {
    memberCount += 1
    guard memberCount <= Self.mostMembers else {
      throw Self.failure("it has more than \(Self.mostMembers) members")
    }
    guard let folders = Self.depth(of: member.path, from: 0) else {
      throw Self.failure("`\(member.path.prefix(200))` points out of it")
    }
    guard let target = member.linkTarget else { return }
    guard Self.depth(of: target, from: folders - 1) != nil else {
      throw Self.failure("`\(member.path.prefix(200))` is a link that leads out of it")
    }
  }

  /// How many folders deep a path ends that starts `depth` folders down; nil when it is absolute or
  /// climbs out on its way.
  private static func depth(of path: String, from depth: Int) -> Int? {
    guard !path.hasPrefix("/"), !path.utf8.contains(0) else { return nil }
    var depth = max(depth, 0)
    for part in path.split(separator: "/") where part != "." {
      depth += part == ".." ? -1 : 1
      guard depth >= 0 else { return nil }
    }
    return depth
  }
}
