/// What is kept of a release beside its files, in the version's row.
package struct SwiftRelease: Sendable {
  /// A signature over the source archive (SE-0391, "Package signing").
  package struct Signature: Hashable, Sendable {
    /// Such as `cms-1.0.0`.
    package let format: String
    package let base64: String

    package init(format: String, base64: String) {
      self.format = format
      self.base64 = base64
    }
  }

  /// `scope.name` as its publisher spells it.
  package let identifier: String
  /// The publisher's metadata, an object.
  package let metadata: JSONValue
  package let signature: Signature?
  /// The signature over the metadata, in base 64.
  package let metadataSignature: String?
  package let manifests: [SwiftManifest]
  /// What the main manifest depends on, as the control API lists it.
  package let dependencies: [JSONValue]

  private static let member = "swift"

  package init(
    identifier: String,
    metadata: JSONValue,
    signature: Signature?,
    metadataSignature: String?,
    manifests: [SwiftManifest],
    dependencies: [JSONValue] = []
  ) {
    self.identifier = identifier
    self.metadata = metadata
    self.signature = signature
    self.metadataSignature = metadataSignature
    self.manifests = manifests
    self.dependencies = dependencies
  }

  /// Reads what ``row`` wrote; what is missing counts as not said.
  package init(row: JSONValue) {
    let kept = row[Self.member] ?? .object([])
    identifier = kept["identifier"]?.string ?? ""
    metadata = kept["metadata"] ?? .object([])
    signature = Self.signature(in: kept)
    metadataSignature = kept["metadataSignature"]?.string
    manifests = (kept["manifests"]?.array ?? []).compactMap(Self.manifest)
    dependencies = row["dependencies"]?.array ?? []
  }

  private static func signature(in kept: JSONValue) -> Signature? {
    guard let format = kept["signatureFormat"]?.string, let base64 = kept["signature"]?.string
    else { return nil }
    return Signature(format: format, base64: base64)
  }

  private static func manifest(_ value: JSONValue) -> SwiftManifest? {
    guard let name = value["fileName"]?.string.flatMap(SwiftManifestName.init),
      let version = value["toolsVersion"]?.string.flatMap({ SwiftToolsVersion($0) })
    else { return nil }
    return SwiftManifest(name: name, toolsVersion: version)
  }

  /// The members that the control API shows of every format, and the release itself.
  package var row: JSONValue {
    var members: [JSONValue.Member] = []
    func add(_ name: String, _ value: JSONValue?) {
      if let value { members.append(JSONValue.Member(name, value)) }
    }
    add("summary", metadata["description"])
    add("sourceCodeRepository", metadata["repositoryURLs"]?.array?.first)
    if let license = metadata["licenseURL"], license != .null {
      add("licenses", .array([.object([JSONValue.Member("url", license)])]))
    }
    add("dependencies", dependencies.isEmpty ? nil : .array(dependencies))
    add(Self.member, .object(kept))
    return .object(members)
  }

  private var kept: [JSONValue.Member] {
    var members = [
      JSONValue.Member("identifier", .string(identifier)),
      JSONValue.Member("metadata", metadata),
    ]
    if let signature {
      members.append(JSONValue.Member("signatureFormat", .string(signature.format)))
      members.append(JSONValue.Member("signature", .string(signature.base64)))
    }
    if let metadataSignature {
      members.append(JSONValue.Member("metadataSignature", .string(metadataSignature)))
    }
    let manifests = manifests.map { manifest in
      JSONValue.object([
        JSONValue.Member("fileName", .string(manifest.name.text)),
        JSONValue.Member("toolsVersion", .string(manifest.toolsVersion.text)),
      ])
    }
    return members + [JSONValue.Member("manifests", .array(manifests))]
  }
}
