/// What a publish document says, without its attachments.
package struct NpmPublication: Sendable {
  package let name: NpmName
  /// In the normalised spelling.
  package let version: String
  /// The version's manifest as it came, `dist` and all.
  package let manifest: JSONValue
  /// The tags that are to point to the version.
  package let tags: [String]
  package let readme: String?
  package let readmeFilename: String?
  /// The length in bytes that each attachment is declared to have; nil where it is not.
  package let attachments: [(name: String, byteCount: UInt64?)]

  /// Reads the document of the package that the request's address names.
  ///
  /// - Throws: ``MalformedInput``, with what contradicts what.
  package init(_ document: JSONMembers, of name: NpmName) throws(MalformedInput) {
    self.name = name
    for member in ["_id", "name"] {
      let stated = try document.read(member)?.string
      guard stated == nil || stated == name.text else {
        throw Self.failure("its `\(member)` is \(stated ?? ""), and the address says \(name)")
      }
    }
    (version, manifest) = try Self.version(of: document, name)
    tags = try Self.tags(of: document, self.version, manifest)
    readme = try document.read("readme")?.string ?? manifest["readme"]?.string
    readmeFilename = try document.read("readmeFilename")?.string
    attachments = (try document.read("_attachments")?.members ?? []).map {
      ($0.name, $0.value["length"]?.natural)
    }
  }

  /// Compares with the `package.json` inside the archive.
  ///
  /// Its version may have build metadata or a `v`, which npm drops when it publishes.
  package func check(_ contents: NpmArchive.Contents) throws(MalformedInput) {
    guard contents.manifest["name"]?.string == name.text else {
      let found = contents.manifest["name"]?.string ?? "nothing"
      throw Self.failure("the archive's package.json says the name is \(found), not \(name)")
    }
    let found = contents.manifest["version"]?.string ?? "nothing"
    guard NpmVersion(loose: found)?.description == version else {
      throw Self.failure("the archive's package.json says the version is \(found), not \(version)")
    }
  }

  private static func failure(_ reason: String) -> MalformedInput {
    MalformedInput("publish document", reason)
  }

  private static func version(
    of document: JSONMembers,
    _ name: NpmName
  ) throws(MalformedInput) -> (String, JSONValue) {
    let versions = try document.members(of: "versions")
    guard let versions, let member = versions.all.first, versions.all.count == 1 else {
      throw failure("it has \(versions?.all.count ?? 0) versions, not one")
    }
    guard let version = NpmVersion(loose: member.name) else {
      throw failure("`\(member.name)` is no version (semver.org)")
    }
    let manifest = try versions.read(member, mostValues: NpmArchive.mostManifestValues)
    guard case .object = manifest else { throw failure("its manifest is no object") }
    for (found, wanted) in [("name", name.text), ("version", version.description)] {
      let stated = manifest[found]?.string ?? "nothing"
      let normal = found == "version" ? NpmVersion(loose: stated)?.description : stated
      guard normal == wanted else {
        throw failure("its manifest says the \(found) is \(stated), not \(wanted)")
      }
    }
    return (version.description, manifest)
  }

  /// Tags for other versions than the published one are passed over: they are nobody's to set in
  /// passing.
  private static func tags(
    of document: JSONMembers,
    _ version: String,
    _ manifest: JSONValue
  ) throws(MalformedInput) -> [String] {
    let stated = try document.read("dist-tags")?.members ?? []
    let tags = stated.filter {
      $0.value.string.flatMap { NpmVersion(loose: $0)?.description } == version
    }.map(\.name)
    for tag in tags {
      if let obstacle = NpmTag.obstacle(tag) { throw failure(obstacle) }
    }
    return stated.isEmpty ? [manifest["tag"]?.string ?? "latest"] : tags
  }
}

/// The rule for names of dist-tags.
package enum NpmTag {
  /// Why `tag` cannot be one, as a clause; nil when it can.
  ///
  /// A tag must not look like a range of versions, for clients would take it for one (npm
  /// documentation, "npm-dist-tag").
  package static func obstacle(_ tag: String) -> String? {
    guard let first = tag.utf8.first, tag.utf8.count <= NpmName.maximumByteCount else {
      return "a tag has 1 to \(NpmName.maximumByteCount) bytes"
    }
    let second = tag.utf8.dropFirst().first
    let isRange =
      first.isDigit || "^~<>=*".utf8.contains(first) || tag == "x" || tag == "X"
      || (first == UInt8(ascii: "v") && second?.isDigit == true)
    if isRange { return "the tag `\(tag)` looks like a range of versions" }
    guard tag.utf8.allSatisfy({ 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "/") }) else {
      return "the tag has blanks, slashes or signs beyond ASCII"
    }
    return nil
  }
}
