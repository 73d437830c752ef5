/// The registration documents of a package (NuGet V3, "Package metadata"): an index of pages of
/// leaves, one leaf a version.
package struct NuGetRegistration: Sendable {
  /// Up to this many versions stand in the index itself; more are in pages of their own.
  package static let mostInline = 128
  private static let pageSize = 64

  private let package: NuGetPackage
  private let addresses: NuGetAddresses
  private let hive: NuGetAddresses.Hive

  package init(_ package: NuGetPackage, _ addresses: NuGetAddresses, _ hive: NuGetAddresses.Hive) {
    self.package = package
    self.addresses = addresses
    self.hive = hive
  }

  private var index: String { addresses.registration(package.key, hive) }

  private var pages: [ArraySlice<NuGetPackage.Release>] {
    let size = package.releases.count > Self.mostInline ? Self.pageSize : Self.mostInline
    return stride(from: 0, to: package.releases.count, by: size).map {
      package.releases[$0..<min($0 + size, package.releases.count)]
    }
  }

  package func renderIndex() -> [UInt8] {
    let pages = pages
    var writer = JSONWriter()
    writer.beginObject()
    writer.name("@id")
    writer.string(index)
    writer.name("@type")
    writer.value(.array(["catalog:CatalogRoot", "PackageRegistration"].map(JSONValue.string)))
    writer.name("count")
    writer.number(pages.count)
    writer.name("items")
    writer.beginArray()
    for page in pages { write(page, withItems: pages.count == 1, &writer) }
    writer.endArray()
    writer.endObject()
    return writer.bytes
  }

  /// Renders the page between two versions; nil when the index has no such page.
  package func renderPage(_ lower: String, _ upper: String) -> [UInt8]? {
    let wanted = pages.first { page in
      page.first?.version.key == lower && page.last?.version.key == upper
    }
    guard let wanted else { return nil }
    var writer = JSONWriter()
    write(wanted, withItems: true, &writer)
    return writer.bytes
  }

  package func renderLeaf(_ release: NuGetPackage.Release) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    let version = release.version.key
    let members = [
      ("@id", addresses.leaf(package.key, version, hive)), ("@type", "Package"),
      ("catalogEntry", addresses.leaf(package.key, version, hive)),
      ("packageContent", addresses.content(package.key, version)), ("registration", index),
    ]
    for (name, value) in members {
      writer.name(name)
      writer.string(value)
    }
    writer.name("listed")
    writer.bool(release.isListed)
    writer.name("published")
    writer.string(release.publicationText)
    writer.endObject()
    return writer.bytes
  }

  private func write(
    _ page: ArraySlice<NuGetPackage.Release>,
    withItems: Bool,
    _ writer: inout JSONWriter
  ) {
    guard let first = page.first, let last = page.last else { return }
    writer.beginObject()
    writer.name("@id")
    writer.string(addresses.page(package.key, first.version.key, last.version.key, hive))
    writer.name("@type")
    writer.string("catalog:CatalogPage")
    writer.name("count")
    writer.number(page.count)
    if withItems {
      writer.name("items")
      writer.beginArray()
      for release in page { writeItem(release, &writer) }
      writer.endArray()
    }
    for (name, value) in [
      ("lower", first.version.fullText), ("upper", last.version.fullText), ("parent", index),
    ] {
      writer.name(name)
      writer.string(value)
    }
    writer.endObject()
  }

  private func writeItem(_ release: NuGetPackage.Release, _ writer: inout JSONWriter) {
    let version = release.version.key
    writer.beginObject()
    writer.name("@id")
    writer.string(addresses.leaf(package.key, version, hive))
    writer.name("@type")
    writer.string("Package")
    writer.name("catalogEntry")
    writeEntry(release, &writer)
    writer.name("packageContent")
    writer.string(addresses.content(package.key, version))
    writer.name("registration")
    writer.string(index)
    writer.endObject()
  }

  private func writeEntry(_ release: NuGetPackage.Release, _ writer: inout JSONWriter) {
    let description = release.description
    writer.beginObject()
    let shown: [(String, String?)] = [
      ("@id", addresses.leaf(package.key, release.version.key, hive)), ("@type", "PackageDetails"),
      ("authors", description[.authors]), ("description", description[.description]),
      ("iconUrl", release.iconAddress(addresses, package.key)), ("id", description.id),
      ("language", description[.language]), ("licenseExpression", description[.licenseExpression]),
      ("licenseUrl", release.licenseAddress(addresses, package.key)),
      ("minClientVersion", description[.minClientVersion]),
      ("packageContent", addresses.content(package.key, release.version.key)),
      ("projectUrl", description[.projectUrl]), ("published", release.publicationText),
      ("readmeUrl", release.readmeAddress(addresses, package.key)),
      ("summary", description[.summary]), ("title", description[.title]),
      ("version", release.version.fullText),
    ]
    for (name, value) in shown {
      guard let value else { continue }
      writer.name(name)
      writer.string(value)
    }
    writer.name("listed")
    writer.bool(release.isListed)
    writer.name("requireLicenseAcceptance")
    writer.bool(description.requiresLicenseAcceptance)
    writer.name("tags")
    writer.value(.array(description.tags.map(JSONValue.string)))
    writeGroups(description.dependencyGroups, &writer)
    for (name, value) in [
      ("packageTypes", description.packageTypes.isEmpty ? nil : description.types),
      ("deprecation", description.deprecation), ("vulnerabilities", description.vulnerabilities),
    ] {
      guard let value else { continue }
      writer.name(name)
      writer.value(value)
    }
    writer.endObject()
  }

  private func writeGroups(_ groups: [NuGetDependencyGroup], _ writer: inout JSONWriter) {
    guard !groups.isEmpty else { return }
    writer.name("dependencyGroups")
    writer.beginArray()
    for group in groups {
      writer.beginObject()
      if let framework = group.targetFramework {
        writer.name("targetFramework")
        writer.string(framework)
      }
      if !group.dependencies.isEmpty {
        writer.name("dependencies")
        writer.beginArray()
        for dependency in group.dependencies { write(dependency, &writer) }
        writer.endArray()
      }
      writer.endObject()
    }
    writer.endArray()
  }

  private func write(_ dependency: NuGetDependencyGroup.Dependency, _ writer: inout JSONWriter) {
    writer.beginObject()
    writer.name("id")
    writer.string(dependency.id)
    writer.name("range")
    writer.string(dependency.range.text)
    if let id = NuGetIdentifier(dependency.id) {
      writer.name("registration")
      writer.string(addresses.registration(id.key, hive))
    }
    writer.endObject()
  }
}

extension NuGetPackage.Release {
  /// When it was published; the year 1900 is how NuGet says that it is unlisted.
  package var publicationText: String {
    isListed ? publishedAt?.text ?? "1970-01-01T00:00:00Z" : "1900-01-01T00:00:00+00:00"
  }

  /// What lies inside the package is shown from here; an address elsewhere stays.
  func iconAddress(_ addresses: NuGetAddresses, _ id: String) -> String? {
    description[.iconFile].map { _ in addresses.file("icon", id, version.key) }
      ?? description[.iconUrl]
  }

  func licenseAddress(_ addresses: NuGetAddresses, _ id: String) -> String? {
    description[.licenseFile].map { _ in addresses.file("license", id, version.key) }
      ?? description[.licenseUrl]
  }

  func readmeAddress(_ addresses: NuGetAddresses, _ id: String) -> String? {
    description[.readmeFile].map { _ in addresses.file("readme", id, version.key) }
  }
}
