/// Finds the `PKG-INFO` of a source distribution (PyPA specification "Source distribution format":
/// `{name}-{version}/PKG-INFO` in a gzipped tar archive), fed in pieces.
///
/// Feeding may stop as soon as ``found`` is set. Memory is constant: 64 KiB of inflated bytes at a
/// time, and the metadata itself.
package struct SourceDistributionMetadata {
  /// How much of the inflated archive is searched before it is called a bomb.
  package static let maximumInflatedByteCount: UInt64 = 8 << 30

  private static let chunkByteCount = 64 << 10

  private var gzip = GzipReader()
  private var tar = TarReader()
  var limit = InflationLimit(
    of: "source distribution",
    atMost: maximumInflatedByteCount
  )
  private var collected: [UInt8]?

  /// The exact bytes of `PKG-INFO` once they have come.
  package private(set) var found: [UInt8]?

  package init() {}

  /// Takes more of the archive.
  ///
  /// - Throws: what is wrong when it is no gzipped tar archive, or the metadata is too long.
  package mutating func feed(_ bytes: [UInt8]) throws(MalformedInput) {
    gzip.feed(bytes)
    limit.take(compressed: bytes.count)
    while found == nil, !tar.isFinished {
      let chunk = try gzip.produce(upTo: Self.chunkByteCount)
      guard !chunk.isEmpty else { return }
      try limit.take(inflated: chunk.count)
      for event in try tar.feed(chunk) where found == nil { try take(event) }
    }
  }

  /// Returns the metadata at the archive's end.
  ///
  /// - Throws: that there is none, or that the archive was cut.
  package consuming func finish() throws(MalformedInput) -> [UInt8] {
    if let found { return found }
    guard tar.isFinished || gzip.isFinished else {
      throw MalformedInput("source distribution", "the archive was cut")
    }
    throw MalformedInput(
      "source distribution",
      "there is no PKG-INFO in the archive's top folder"
    )
  }

  private mutating func take(_ event: TarReader.Event) throws(MalformedInput) {
    switch event {
    case .member(let member):
      guard member.isFile, Self.isMetadata(member.path) else { return }
      guard member.byteCount <= UInt64(WheelMetadata.maximumByteCount) else {
        throw MalformedInput(
          "source distribution",
          "its PKG-INFO is longer than \(WheelMetadata.maximumByteCount) bytes"
        )
      }
      collected = []
    case .content(let bytes): collected?.append(contentsOf: bytes)
    case .endOfMember: found = collected
    }
  }

  /// Whether a path is `{folder}/PKG-INFO`; `./` in front is how some tools write it.
  static func isMetadata(_ path: String) -> Bool {
    let path = path.hasPrefix("./") ? path.dropFirst(2) : path[...]
    let segments = path.split(separator: "/", omittingEmptySubsequences: false)
    return segments.count == 2 && !segments[0].isEmpty && segments[1] == "PKG-INFO"
  }

  /// Returns the `PKG-INFO` of a source distribution that is a ZIP archive.
  ///
  /// - Throws: ``MalformedInput`` when there is not exactly one or the archive is damaged, and
  ///   what the source throws.
  package static func cutOut(ofZip source: ByteSource) async throws -> [UInt8] {
    let found = try await ZipDirectory(of: source).entries.filter { isMetadata($0.name) }
    guard let entry = found.first, found.count == 1 else {
      throw MalformedInput(
        "source distribution",
        "it has \(found.count) PKG-INFO members in its top folder, not one"
      )
    }
    return try await entry.extract(from: source, upTo: WheelMetadata.maximumByteCount)
  }
}
