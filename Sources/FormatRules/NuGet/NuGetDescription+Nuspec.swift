extension NuGetDescription {
  /// Longer nuspecs are refused.
  package static let longestNuspec = 4 << 20

  /// Reads a nuspec (NuGet, "nuspec reference"), of any of its namespaces.
  ///
  /// - Throws: ``MalformedInput`` saying which element is wrong.
  package init(nuspec bytes: [UInt8]) throws(MalformedInput) {
    let root: XMLElement
    do throws(MalformedInput) { root = try XMLReader.read(bytes) } catch {
      throw Self.failure("it cannot be read: \(error.reason)")
    }
    guard root.name == "package", let metadata = root["metadata"] else {
      throw Self.failure("it has no <package> with <metadata> in it")
    }
    guard let id = metadata.text(of: "id"), NuGetIdentifier(id) != nil else {
      throw Self.failure(
        "its <id> must be words of letters, digits and _ with single dots or hyphens between them, "
          + "100 characters at most"
      )
    }
    guard let version = metadata.text(of: "version"), NuGetVersion(version) != nil else {
      throw Self.failure("its <version> must be a version such as 1.2.3 or 1.2.3-beta.1")
    }
    self.init(id: id, version: version)
    readTexts(metadata)
    tags = Self.words(metadata.text(of: "tags") ?? "")
    requiresLicenseAcceptance = Self.flag("requireLicenseAcceptance", metadata)
    isDevelopmentDependency = Self.flag("developmentDependency", metadata)
    packageTypes = (metadata["packageTypes"]?.all("packageType") ?? []).compactMap { type in
      type.attribute("name").map { PackageType(name: $0, version: type.attribute("version")) }
    }
    if let dependencies = metadata["dependencies"] {
      dependencyGroups = try Self.groups(dependencies)
    }
  }

  private static func failure(_ reason: String) -> MalformedInput {
    MalformedInput("nuspec", reason)
  }

  private mutating func readTexts(_ metadata: XMLElement) {
    for text in [
      Text.authors, .copyright, .description, .iconUrl, .language, .licenseUrl, .owners,
      .projectUrl, .releaseNotes, .summary, .title,
    ] {
      self[text] = metadata.text(of: text.rawValue)
    }
    self[.iconFile] = metadata.text(of: "icon")
    self[.readmeFile] = metadata.text(of: "readme")
    self[.minClientVersion] = metadata.attribute("minClientVersion")
    self[.repositoryUrl] = metadata["repository"]?.attribute("url")
    guard let license = metadata["license"] else { return }
    let isFile = license.attribute("type") == "file"
    self[isFile ? .licenseFile : .licenseExpression] = license.text
  }

  private static func flag(_ name: String, _ metadata: XMLElement) -> Bool {
    metadata.text(of: name)?.lowercased() == "true"
  }

  /// Either groups, each for a framework, or a plain list for all of them.
  private static func groups(
    _ element: XMLElement
  ) throws(MalformedInput) -> [NuGetDependencyGroup] {
    let groups = element.all("group")
    guard groups.isEmpty else {
      var read: [NuGetDependencyGroup] = []
      for group in groups {
        read.append(
          NuGetDependencyGroup(
            targetFramework: group.attribute("targetFramework").flatMap { $0.isEmpty ? nil : $0 },
            dependencies: try dependencies(group)
          )
        )
      }
      return read
    }
    let plain = try dependencies(element)
    return plain.isEmpty ? [] : [NuGetDependencyGroup(targetFramework: nil, dependencies: plain)]
  }

  private static func dependencies(
    _ element: XMLElement
  ) throws(MalformedInput) -> [NuGetDependencyGroup.Dependency] {
    var read: [NuGetDependencyGroup.Dependency] = []
    for dependency in element.all("dependency") {
      guard let id = dependency.attribute("id"), NuGetIdentifier(id) != nil else {
        throw failure("one of its dependencies has no usable id")
      }
      guard let range = NuGetVersionRange(dependency.attribute("version") ?? "") else {
        throw failure("its dependency on \(id) has a version that is no range")
      }
      read.append(NuGetDependencyGroup.Dependency(id: id, range: range))
    }
    return read
  }
}

extension XMLElement {
  /// The value of an attribute, by its local name.
  fileprivate func attribute(_ name: String) -> String? {
    attributes.first { $0.name == name }?.value
  }
}
