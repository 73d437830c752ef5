extension PackageListing {
  /// The asset that holds a version's archive, as CodeArtifact calls it.
  package static let npmArchiveName = "package.tgz"
  /// The asset that holds what is attested of a version, in the form of npm's attestations
  /// endpoint; only versions published with provenance have one.
  package static let npmAttestationsName = "attestations.json"

  /// Reads a packument, full or abbreviated, of another registry; nil when the package is known
  /// there but has no versions left.
  ///
  /// - Parameters:
  ///   - bytes: the document.
  ///   - name: the package that was asked for.
  ///   - address: where the document came from; archive addresses may be relative to it.
  /// - Throws: ``MalformedInput`` for what is no packument of the package.
  package init?(
    npmPackument bytes: [UInt8],
    of name: NpmName,
    at address: String
  ) throws(MalformedInput) {
    let document = try NpmDocument(bytes, of: name, at: address)
    let versions = document.versions(in: 0..<document.versionCount)
    guard let listing = try document.listing(of: versions) else { return nil }
    self = listing
  }

  /// What belongs to the package as a whole; all else at a packument's top repeats its latest
  /// version.
  fileprivate static func npmAttributes(
    of document: JSONMembers,
    _ times: JSONValue?
  ) throws(MalformedInput) -> JSONValue {
    var attributes: [JSONValue.Member] = []
    let tags = try document.read("dist-tags")?.members ?? []
    attributes.append(.init("dist-tags", .object(tags.filter { $0.value.string != nil })))
    let modified = try document.read("modified")
    if let modified = times?["modified"] ?? modified {
      attributes.append(.init("modified", modified))
    }
    for name in ["maintainers", "readmeFilename"] {
      if let value = try document.read(name) { attributes.append(.init(name, value)) }
    }
    if let readme = try document.read("readme")?.string.flatMap(NpmManifest.keptReadme) {
      attributes.append(.init("readme", .string(readme)))
    }
    return .object(attributes)
  }
}

/// A packument of another registry whose versions are found and not read yet, so that several may
/// read a part of them each.
///
/// One version is read at a time, and one that makes no sense is left out: a single odd document of
/// ten years ago must not hide a package.
package struct NpmDocument: Sendable {
  private let name: NpmName
  private let address: String
  private let document: JSONMembers
  private let times: JSONValue?
  private let published: [String: JSONValue]
  private let all: JSONMembers?

  /// Finds the versions.
  ///
  /// - Throws: ``MalformedInput`` for what is no packument of the package.
  package init(_ bytes: [UInt8], of name: NpmName, at address: String) throws(MalformedInput) {
    document = try JSONMembers(of: bytes)
    if let stated = try document.read("name")?.string, stated != name.text {
      throw MalformedInput("packument", "it is of \(stated), not of \(name)")
    }
    times = try document.read("time")
    published = Dictionary((times?.members ?? []).map { ($0.name, $0.value) }) { $1 }
    all = try document.members(of: "versions")
    self.name = name
    self.address = address
  }

  /// How many versions the document has, sound or not.
  package var versionCount: Int { all?.all.count ?? 0 }

  /// Reads some of the versions, by their places in the document.
  package func versions(in range: Range<Int>) -> [ListedVersion] {
    guard let all else { return [] }
    return all.all[range].compactMap { member in
      guard let manifest = try? all.members(of: member) else { return nil }
      return try? ListedVersion(
        npmManifest: manifest,
        of: name,
        version: member.name,
        publishedAt: published[member.name]?.string.flatMap { UploadTime($0) },
        at: address
      )
    }
  }

  /// The package with the versions that were read, in the document's order; nil without any.
  package func listing(of versions: [ListedVersion]) throws(MalformedInput) -> PackageListing? {
    guard !versions.isEmpty else { return nil }
    return PackageListing(
      name: name.base,
      versions: versions,
      attributes: try PackageListing.npmAttributes(of: document, times)
    )
  }
}

extension ListedVersion {
  fileprivate init(
    npmManifest value: JSONMembers,
    of name: NpmName,
    version: String,
    publishedAt: UploadTime?,
    at address: String
  ) throws(MalformedInput) {
    let dist = try value.read("dist")
    let manifest = try NpmManifest(copying: value, of: name, version: version, dist: dist)
    let stated = dist?["tarball"]?.string ?? "\(name.text)/-/\(name.fileName(of: version))"
    var files = [
      ListedFile(
        name: PackageListing.npmArchiveName,
        address: WebAddress.resolve(stated, against: address),
        hashes: NpmIntegrity.hashes(of: manifest.dist)
      )
    ]
    if let attestations = dist?["attestations"]?["url"]?.string {
      files.append(
        ListedFile(
          name: PackageListing.npmAttestationsName,
          address: WebAddress.resolve(attestations, against: address)
        )
      )
    }
    self.init(
      version: version,
      publishedAt: publishedAt,
      metadata: manifest.metadata,
      files: files
    )
  }
}
