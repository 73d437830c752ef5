/// A search for packages (NuGet V3, "Search"), and what answers it.
package struct NuGetSearch: Sendable {
  /// A word of the query, perhaps for one member only: `tags:json`.
  private struct Term: Sendable {
    let field: String?
    let word: String
  }

  private static let fields: Set<String> = [
    "id", "packageid", "version", "title", "tags", "tag", "author", "authors", "description",
    "summary", "owner", "owners",
  ]
  private static let mostTerms = 16

  private let terms: [Term]
  private let prereleases: Bool
  private let packageType: String?

  package init(_ query: String, prereleases: Bool, packageType: String? = nil) {
    terms = query.lowercased().split(whereSeparator: \.isWhitespace).prefix(Self.mostTerms).map {
      let sides = $0.split(separator: ":", maxSplits: 1)
      guard sides.count == 2, Self.fields.contains(String(sides[0])) else {
        return Term(field: nil, word: String($0))
      }
      return Term(field: String(sides[0]), word: sides[1].filter { $0 != "\"" })
    }
    self.prereleases = prereleases
    self.packageType = packageType.flatMap { $0.isEmpty ? nil : $0.lowercased() }
  }

  /// The package as a result shows it: its listed releases that are wanted, the last of which is
  /// the one described; nil when it does not match.
  package func match(_ package: NuGetPackage) -> NuGetPackage? {
    let shown = package.filtered { $0.isListed && (prereleases || !$0.version.isPrerelease) }
    guard let latest = shown.releases.last else { return nil }
    if let packageType {
      let types = latest.description.packageTypes.map { $0.name.lowercased() }
      guard (types.isEmpty ? ["dependency"] : types).contains(packageType) else { return nil }
    }
    return terms.allSatisfy { Self.matches($0, package.key, latest.description) } ? shown : nil
  }

  private static func matches(
    _ term: Term,
    _ id: String,
    _ description: NuGetDescription
  ) -> Bool {
    func has(_ text: NuGetDescription.Text) -> Bool {
      description[text]?.lowercased().contains(term.word) ?? false
    }
    let tags = description.tags.map { $0.lowercased() }
    return switch term.field {
    case "packageid": id == term.word
    case "id": id.contains(term.word)
    case "version": description.version.lowercased().hasPrefix(term.word)
    case "title": has(.title)
    case "tag", "tags": tags.contains(term.word)
    case "author", "authors": has(.authors)
    case "owner", "owners": has(.owners)
    case "description": has(.description)
    case "summary": has(.summary)
    default:
      id.contains(term.word) || has(.title) || has(.description) || has(.summary) || has(.authors)
        || tags.contains { $0.contains(term.word) }
    }
  }

  /// Orders results: by how well the identifier fits, then by name.
  package func order(_ found: [NuGetPackage]) -> [NuGetPackage] {
    let ranked = found.map { (rank($0.key), $0) }
    return ranked.sorted { ($0.0, $0.1.key) < ($1.0, $1.1.key) }.map(\.1)
  }

  private func rank(_ id: String) -> Int {
    let words = terms.filter { $0.field == nil }.map(\.word)
    guard let first = words.first else { return 0 }
    if id == first { return 0 }
    if id.hasPrefix(first) { return 1 }
    return words.allSatisfy { id.contains($0) } ? 2 : 3
  }
}

extension NuGetSearch {
  /// Renders results, each as ``match(_:)`` returned it.
  package static func render(
    _ results: some Collection<NuGetPackage>,
    total: Int,
    _ addresses: NuGetAddresses,
    _ hive: NuGetAddresses.Hive
  ) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.name("totalHits")
    writer.number(total)
    writer.name("data")
    writer.beginArray()
    for package in results { write(package, addresses, hive, &writer) }
    writer.endArray()
    writer.endObject()
    return writer.bytes
  }

  /// Renders the answer to an autocompletion: identifiers, or versions of one.
  package static func renderNames(_ names: some Collection<String>, total: Int) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.name("totalHits")
    writer.number(total)
    writer.name("data")
    writer.value(.array(names.map(JSONValue.string)))
    writer.endObject()
    return writer.bytes
  }

  private static func write(
    _ package: NuGetPackage,
    _ addresses: NuGetAddresses,
    _ hive: NuGetAddresses.Hive,
    _ writer: inout JSONWriter
  ) {
    guard let latest = package.releases.last else { return }
    let registration = addresses.registration(package.key, hive)
    let description = latest.description
    writer.beginObject()
    let texts: [(String, String?)] = [
      ("@id", registration), ("@type", "Package"), ("registration", registration),
      ("id", description.id), ("version", latest.version.fullText),
      ("description", description[.description] ?? ""), ("summary", description[.summary] ?? ""),
      ("title", description[.title] ?? description.id),
      ("iconUrl", latest.iconAddress(addresses, package.key)),
      ("licenseUrl", latest.licenseAddress(addresses, package.key)),
      ("projectUrl", description[.projectUrl]),
    ]
    for (name, value) in texts {
      guard let value else { continue }
      writer.name(name)
      writer.string(value)
    }
    for (name, values) in [
      ("tags", description.tags), ("authors", list(description[.authors])),
      ("owners", list(description[.owners])),
    ] {
      writer.name(name)
      writer.value(.array(values.map(JSONValue.string)))
    }
    writer.name("totalDownloads")
    writer.number(0)
    writer.name("packageTypes")
    let plain = [NuGetDescription.PackageType(name: "Dependency", version: nil)]
    let types = description.packageTypes.isEmpty ? plain : description.packageTypes
    writer.value(
      .array(types.map { .object([JSONValue.Member("name", .string($0.name))]) })
    )
    writer.name("versions")
    writer.beginArray()
    for release in package.releases {
      writer.beginObject()
      writer.name("@id")
      writer.string(addresses.leaf(package.key, release.version.key, hive))
      writer.name("version")
      writer.string(release.version.fullText)
      writer.name("downloads")
      writer.number(0)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }

  private static func list(_ text: String?) -> [String] {
    (text ?? "").split(separator: ",").map { name in
      String(decoding: Array(name.utf8).trimmed, as: UTF8.self)
    }.filter { !$0.isEmpty }
  }
}
