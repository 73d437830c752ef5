/// A gem's versions in the forms of the compact index, to be read and to be written.
///
/// Lines stand in the order in which they came to be, so that a file only grows at its end.
package enum GemListing {
  /// The member of the metadata that has the line of another registry, where ours would differ.
  static let lineMember = "line"
  /// The member that has the line's place in another registry's file.
  private static let placeMember = "place"
  /// The member that has the time of a yank.
  private static let yankMember = "yanked"

  /// Reads another registry's `info/{gem}`; the files are at `{base}gems/…`.
  ///
  /// Lines that are not understood are passed over: clients could not use them either. Every line
  /// ends with a newline: a last one that was cut off on its way could lack half a requirement.
  /// - Throws: when the head or the end is missing, or there are lines, and none is understood.
  package static func read(
    _ bytes: [UInt8],
    of gem: String,
    base: String
  ) throws(MalformedInput) -> PackageListing {
    if let flaw = GemHistory.flaw(ofHead: bytes, tail: bytes) {
      throw MalformedInput("info/\(gem)", flaw)
    }
    let lines = bytes.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    let content = lines.drop { $0 != "---" }.dropFirst()
    var seen: Set<String> = []
    var versions: [ListedVersion] = []
    for (place, text) in content.enumerated() {
      guard let line = GemInfoLine(text, of: gem), seen.insert(line.identity.version).inserted
      else { continue }
      versions.append(version(line, text, place, base: base))
    }
    guard !versions.isEmpty || content.isEmpty else {
      throw MalformedInput("info/\(gem)", "no line is of a version")
    }
    return PackageListing(name: gem, versions: versions)
  }

  private static func version(
    _ line: GemInfoLine,
    _ text: String,
    _ place: Int,
    base: String
  ) -> ListedVersion {
    var version = ListedVersion(
      version: line.identity.version,
      publishedAt: line.requirements.first { $0.name == "created_at" }
        .flatMap { UploadTime($0.value) },
      files: [
        ListedFile(
          name: line.identity.fileName,
          address: base + "gems/" + line.identity.fileName,
          hashes: ["sha256": line.checksum]
        )
      ]
    )
    let members: [JSONValue.Member] = [
      .init("dependencies", .array(line.dependencies.map(\.json))),
      .init("ruby", .array(line["ruby"].map(JSONValue.string))),
      .init("rubygems", .array(line["rubygems"].map(JSONValue.string))),
      .init(placeMember, .number(String(place))),
    ]
    version.metadata = .object(members)
    if GemInfoLine.text(of: version) != text {
      version.metadata = .object(members + [.init(lineMember, .string(text))])
    }
    return version
  }

  /// Marks a version's metadata with the time at which it was yanked.
  package static func yanked(_ metadata: JSONValue, at time: UploadTime) -> JSONValue {
    let others = (metadata.members ?? []).filter { $0.name != yankMember }
    return .object(others + [.init(yankMember, .string(time.text))])
  }

  /// The versions in the order in which their lines came to be.
  package static func inOrder(_ listing: PackageListing) -> [ListedVersion] {
    let keyed = listing.versions.enumerated().map { index, version in
      let place = version.metadata[placeMember]?.natural ?? .max
      return (key: (place, version.publishedAt?.microseconds ?? 0, index), version: version)
    }
    return keyed.sorted { $0.key < $1.key }.map(\.version)
  }

  /// Writes `info/{gem}`.
  package static func info(_ listing: PackageListing) -> [UInt8] {
    var bytes: [UInt8] = Array("---\n".utf8)
    for version in inOrder(listing) where version.isListed {
      bytes.append(GemInfoLine.text(of: version))
      bytes.append(0x0A)
    }
    return bytes
  }

  /// Whether its owner took the version back, which is more than not listing it.
  package static func isYanked(_ version: ListedVersion) -> Bool {
    !version.isListed && yankTime(of: version) != nil
  }

  static func yankTime(of version: ListedVersion) -> UploadTime? {
    version.metadata[yankMember]?.string.flatMap { UploadTime($0) }
  }
}
