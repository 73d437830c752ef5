/// A dependency as a manifest states it.
package struct NpmDependency: Hashable, Sendable {
  /// The words of the control API (`PackageDependency.dependencyType`).
  package enum Kind: String, CaseIterable, Sendable {
    case regular, dev, peer, optional
  }

  package let kind: Kind
  /// As the manifest spells it; an alias is not followed.
  package let name: String
  /// A range, a tag, an address or an alias: whatever the manifest says.
  package let requirement: String
}

extension NpmManifest {
  /// What the version depends on, in the manifest's order.
  ///
  /// Npm lists what is optional among the regular ones too; it shows once, as optional. Old
  /// manifests with a list in the place of an object have no requirements.
  package var dependencies: [NpmDependency] {
    guard let manifest = try? JSONReader.read(Array(brief.utf8)) else { return [] }
    let optional = Self.dependencies("optionalDependencies", .optional, manifest)
    let names = Set(optional.map(\.name))
    return Self.dependencies("dependencies", .regular, manifest).filter { !names.contains($0.name) }
      + optional + Self.dependencies("peerDependencies", .peer, manifest)
      + Self.dependencies("devDependencies", .dev, manifest)
  }

  private static func dependencies(
    _ member: String,
    _ kind: NpmDependency.Kind,
    _ manifest: JSONValue
  ) -> [NpmDependency] {
    switch manifest[member] {
    case .object(let members):
      members.map { NpmDependency(kind: kind, name: $0.name, requirement: $0.value.string ?? "*") }
    case .array(let names):
      names.compactMap(\.string).map { NpmDependency(kind: kind, name: $0, requirement: "*") }
    default: []
    }
  }
}
