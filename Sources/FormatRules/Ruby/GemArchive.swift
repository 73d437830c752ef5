/// Finds the specification of a `.gem` as it comes: a tar archive with `metadata.gz`,
/// `data.tar.gz` and `checksums.yaml.gz`.
///
/// Memory is that of the specification. Where a gem is to be published, what is in `data.tar.gz` is
/// looked through too.
package struct GemArchive {
  private static let chunkByteCount = 64 << 10
  private static let mostMembers = 64

  private var tar = TarReader()
  private var names: Set<String> = []
  private var gzip: GzipReader?
  private var yaml: [UInt8] = []
  private var isRead = false
  var contents: GemContents?
  private var isInContents = false

  /// - Parameter inspectsContents: whether the files are looked through.
  package init(inspectsContents: Bool = true) {
    contents = inspectsContents ? GemContents() : nil
  }

  /// Whether the specification has come: who wants no more can stop.
  package var hasSpecification: Bool { isRead }

  /// Takes more of the archive.
  package mutating func feed(_ bytes: [UInt8]) throws(MalformedInput) {
    for event in try tar.feed(bytes) {
      switch event {
      case .member(let member): try begin(member)
      case .content(let content): try take(content)
      case .endOfMember: try end()
      }
    }
  }

  /// Returns the specification at the archive's end.
  ///
  /// - Throws: that there is none, that it makes no sense, or that the archive was cut.
  package consuming func finish() throws(MalformedInput) -> GemSpecification {
    guard !names.isEmpty else { throw Self.failure("it is no tar archive") }
    guard isRead else { throw Self.failure("it has no whole metadata.gz") }
    guard names.contains("data.tar.gz"), tar.isFinished else {
      throw Self.failure("the archive was cut")
    }
    return try GemSpecification(reading: yaml)
  }

  /// Returns the specification, whatever is to follow.
  ///
  /// - Throws: that it has not come, or makes no sense.
  package func specification() throws(MalformedInput) -> GemSpecification {
    guard isRead else { throw Self.failure("it has no whole metadata.gz") }
    return try GemSpecification(reading: yaml)
  }

  private static func failure(_ reason: String) -> MalformedInput {
    MalformedInput("the gem", reason)
  }

  private mutating func begin(_ member: TarReader.Member) throws(MalformedInput) {
    guard member.isFile else {
      throw Self.failure("\(member.path) is no ordinary file")
    }
    // Whoever reads the first of two and whoever reads the last would see different gems.
    guard names.insert(member.path).inserted else {
      throw Self.failure("\(member.path) is there twice")
    }
    guard names.count <= Self.mostMembers else { throw Self.failure("it has too many members") }
    if member.path == "metadata.gz" { gzip = GzipReader() }
    isInContents = member.path == "data.tar.gz"
  }

  private mutating func take(_ content: ArraySlice<UInt8>) throws(MalformedInput) {
    if gzip != nil { try inflate(Array(content)) }
    if isInContents { try contents?.feed(Array(content)) }
  }

  private mutating func inflate(_ bytes: [UInt8]) throws(MalformedInput) {
    guard var reader = gzip else { return }
    gzip = nil
    reader.feed(bytes)
    while true {
      let chunk = try reader.produce(upTo: Self.chunkByteCount)
      guard !chunk.isEmpty else { break }
      yaml += chunk
      guard yaml.count <= YAMLReader.longestInput else {
        throw Self.failure("its metadata.gz unpacks to more than \(YAMLReader.longestInput) bytes")
      }
    }
    gzip = reader
  }

  private mutating func end() throws(MalformedInput) {
    if isInContents { try contents?.finish() }
    isInContents = false
    guard let reader = gzip else { return }
    guard reader.isFinished else { throw Self.failure("its metadata.gz was cut") }
    gzip = nil
    isRead = true
  }
}
