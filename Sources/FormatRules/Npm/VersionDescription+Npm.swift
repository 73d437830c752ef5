extension VersionDescription {
  /// What a version's row says, which has its manifest (``NpmManifest/metadata``).
  package init(npm row: JSONValue) {
    self.init(row: row)
    dependencies = NpmManifest(metadata: row)?.dependencies.compactMap(PackageDependency.init) ?? []
  }
}

extension PackageDependency {
  /// The scope is the namespace, without its `@`.
  fileprivate init?(_ dependency: NpmDependency) {
    let name = NpmName(dependency.name)
    self.init(
      namespace: name?.scope,
      package: name?.base ?? dependency.name,
      type: dependency.kind.rawValue,
      requirement: dependency.requirement
    )
  }
}
