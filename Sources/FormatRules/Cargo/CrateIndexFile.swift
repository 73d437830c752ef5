/// The file of one crate in an index: a JSON object per version and line (the Cargo Book, "Registry
/// Index", "JSON schema").
///
/// A line's members are kept as they are, unknown ones included, in ``ListedVersion/metadata``;
/// only `yanked` is a property of its own. The member `about` is ours: it has what describes the
/// version to people, and is no part of the line.
package enum CrateIndexFile {
  /// The member of the metadata that is not shown in the index.
  package static let aboutMember = "about"

  /// Writes the lines of all versions that may be shown.
  package static func render(_ listing: PackageListing) -> [UInt8] {
    var bytes: [UInt8] = []
    for version in listing.versions {
      guard case .object(let members) = version.metadata, !members.isEmpty else { continue }
      var writer = JSONWriter()
      writer.beginObject()
      for member in members where member.name != aboutMember && member.name != "yanked" {
        writer.name(member.name)
        writer.value(member.value)
      }
      writer.name("yanked")
      writer.bool(!version.isListed)
      writer.endObject()
      bytes += writer.bytes
      bytes.append(0x0A)
    }
    return bytes
  }

  /// Reads another registry's file.
  ///
  /// Lines that are not understood are passed over, as cargo does: a registry may be ahead of us.
  /// A last line that is not even JSON is the mark of a body that was cut off on its way.
  /// - Throws: when there are lines, and none is understood, or when the end is missing.
  package static func read(
    _ bytes: [UInt8],
    of name: CrateName,
    with configuration: CrateIndexConfiguration
  ) throws(MalformedInput) -> PackageListing {
    let lines = bytes.split(separator: 0x0A).filter { !$0.trimmed.isEmpty }
    if let last = lines.last { _ = try JSONReader.read(Array(last)) }
    var seen: Set<String> = []
    let versions = lines.compactMap { line in
      version(Array(line), of: name, with: configuration)
    }.filter { seen.insert($0.version).inserted }
    guard !versions.isEmpty || lines.isEmpty else {
      throw MalformedInput("the index file of \(name.spelling)", "no line is of a version")
    }
    let spelling = versions.last?.metadata["name"]?.string ?? name.spelling
    return PackageListing(name: spelling, versions: versions)
  }

  private static func version(
    _ line: [UInt8],
    of name: CrateName,
    with configuration: CrateIndexConfiguration
  ) -> ListedVersion? {
    guard let value = try? JSONReader.read(line, mostValues: CrateDescription.mostValues),
      case .object(let members) = value,
      let spelt = value["name"]?.string.flatMap({ CrateName($0) }),
      spelt.lowercased == name.lowercased,
      let version = value["vers"]?.string.flatMap({ CrateVersion($0) }),
      let checksum = value["cksum"]?.string.map({ $0.lowercased() }), isSHA256(checksum)
    else { return nil }
    let file = ListedFile(
      name: fileName(of: spelt.spelling, version.spelling),
      address: configuration.address(of: spelt, version: version.spelling, checksum: checksum),
      hashes: ["sha256": checksum]
    )
    return ListedVersion(
      version: version.spelling,
      publishedAt: value["pubtime"]?.string.flatMap { UploadTime($0) },
      metadata: .object(members.filter { $0.name != "yanked" && $0.name != aboutMember }),
      isListed: value["yanked"]?.bool != true,
      files: [file]
    )
  }

  /// The asset's name of a version's archive.
  package static func fileName(of name: String, _ version: String) -> String {
    "\(name)-\(version).crate"
  }

  private static func isSHA256(_ text: String) -> Bool {
    text.utf8.count == 64
      && text.utf8.allSatisfy { $0.isDigit || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0 }
  }
}
