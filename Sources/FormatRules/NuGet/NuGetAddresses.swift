/// Where the resources of a repository are: every address in its documents is made here.
package struct NuGetAddresses: Hashable, Sendable {
  /// Which versions registrations show: those of SemVer 2.0.0 are hidden from clients that could
  /// not read them.
  package enum Hive: String, CaseIterable, Sendable {
    case semVer1 = "registration3"
    case semVer2 = "registration4"
  }

  /// The repository's own address, without a slash at its end.
  package let root: String

  package init(root: String) {
    self.root = root
  }

  package var index: String { "\(root)/v3/index.json" }
  package var flatContainer: String { "\(root)/v3/flatcontainer/" }
  package var search: String { "\(root)/v3/query" }
  package var autocomplete: String { "\(root)/v3/autocomplete" }
  package var publish: String { "\(root)/v3/package" }

  package func registrations(_ hive: Hive) -> String { "\(root)/v3/\(hive.rawValue)/" }

  package func registration(_ id: String, _ hive: Hive) -> String {
    "\(registrations(hive))\(id)/index.json"
  }

  package func page(_ id: String, _ lower: String, _ upper: String, _ hive: Hive) -> String {
    "\(registrations(hive))\(id)/page/\(lower)/\(upper).json"
  }

  package func leaf(_ id: String, _ version: String, _ hive: Hive) -> String {
    "\(registrations(hive))\(id)/\(version).json"
  }

  /// What a version has beside others of it: its file, its nuspec, its icon.
  package func file(_ name: String, _ id: String, _ version: String) -> String {
    "\(flatContainer)\(id)/\(version)/\(name)"
  }

  package func content(_ id: String, _ version: String) -> String {
    file(NuGetPackage.fileName(id, version), id, version)
  }

  /// Renders the service index (NuGet V3, "Service index"): clients look for the newest type that
  /// they know, so each resource stands under all its names.
  package func renderIndex() -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.name("version")
    writer.string("3.0.0")
    writer.name("resources")
    writer.beginArray()
    for (address, type, versions) in resources {
      for version in versions {
        writer.beginObject()
        writer.name("@id")
        writer.string(address)
        writer.name("@type")
        writer.string(version.isEmpty ? type : "\(type)/\(version)")
        writer.endObject()
      }
    }
    writer.endArray()
    writer.endObject()
    return writer.bytes
  }

  private var resources: [(address: String, type: String, versions: [String])] {
    let (old, new) = (registrations(.semVer1), registrations(.semVer2))
    return [
      (flatContainer, "PackageBaseAddress", ["3.0.0"]),
      (old, "RegistrationsBaseUrl", ["", "3.0.0-beta", "3.0.0-rc", "3.4.0"]),
      (new, "RegistrationsBaseUrl", ["3.6.0", "Versioned"]),
      (search, "SearchQueryService", ["", "3.0.0-beta", "3.0.0-rc", "3.5.0"]),
      (autocomplete, "SearchAutocompleteService", ["", "3.0.0-beta", "3.0.0-rc", "3.5.0"]),
      (publish, "PackagePublish", ["2.0.0"]),
      ("\(flatContainer){lower_id}/{lower_version}/readme", "ReadmeUriTemplate", ["6.13.0"]),
    ]
  }
}
