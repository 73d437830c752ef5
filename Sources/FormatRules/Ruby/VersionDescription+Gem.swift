extension VersionDescription {
  /// What a version's row says (``GemSpecification/metadata``).
  ///
  /// Of a gem of another registry it has the dependencies that installing needs.
  package init(gem row: JSONValue) {
    self.init()
    let about = row[GemSpecification.aboutMember]
    dependencies =
      Self.dependencies(row["dependencies"], "runtime")
      + Self.dependencies(about?["development"], "development")
    guard let about else { return }
    let links = about["links"]
    summary = Self.item(about["summary"]?.string) ?? Self.item(about["description"]?.string)
    homePage = Self.item(about["homepage"]?.string) ?? Self.item(links?["homepage_uri"]?.string)
    sourceCodeRepository = Self.item(links?["source_code_uri"]?.string)
    licenses = (about["licenses"]?.array ?? []).compactMap { License(name: $0.string) }
  }

  /// Whether a version's row has the whole specification, which lists of other registries lack.
  package static func isDescribed(gem row: JSONValue) -> Bool {
    row[GemSpecification.aboutMember] != nil
  }

  private static func dependencies(_ value: JSONValue?, _ type: String) -> [PackageDependency] {
    (value?.array ?? []).compactMap { GemDependency($0) }.compactMap { dependency in
      PackageDependency(
        package: dependency.name,
        type: type,
        requirement: dependency.requirement.texts.joined(separator: ", ")
      )
    }
  }
}
