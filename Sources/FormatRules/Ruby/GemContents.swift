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
  private var links = ArchiveLinks(of: "the gem's data.tar.gz")

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

  /// Checks that it came whole, and that its links stay in it.
  mutating func finish() throws(MalformedInput) {
    guard gzip.isFinished else { throw Self.failure("it was cut") }
    try links.checkAll()
  }

  private static func failure(_ reason: String) -> MalformedInput {
    MalformedInput("the gem's data.tar.gz", reason)
  }

  private mutating func check(_ member: TarReader.Member) throws(MalformedInput) {
    memberCount += 1
    guard memberCount <= Self.mostMembers else {
      throw Self.failure("it has more than \(Self.mostMembers) members")
    }
    guard ArchivePath.staysInside(member.path) else {
      throw Self.failure("`\(member.path.prefix(200))` points out of it")
    }
    try links.check(member: member.path)
    if let target = member.linkTarget { try links.add(member.path, to: target) }
  }
}
