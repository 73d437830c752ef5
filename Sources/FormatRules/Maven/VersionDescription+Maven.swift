extension VersionDescription {
  /// What a project file says, read alone: parents are not consulted.
  package init(project: ProjectObjectModel) {
    displayName = Self.item(project.name)
    summary = Self.item(project.description)
    homePage = Self.item(project.homePage)
    sourceCodeRepository = Self.item(project.sourceCodeRepository)
    licenses = project.licenses.compactMap { License(name: $0.name, url: $0.url) }
    dependencies = project.dependencies.compactMap { dependency in
      PackageDependency(
        namespace: dependency.group,
        package: dependency.artifact,
        type: dependency.type,
        requirement: dependency.version
      )
    }
  }
}
