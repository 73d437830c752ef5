import Bytes

/// The documents of the old protocol (NuGet V2: OData 2 in Atom, RFC 4287), as far as the clients
/// that speak nothing else need them.
package struct NuGetFeed: Sendable {
  /// A release as an entry.
  package struct Entry: Sendable {
    package let package: NuGetPackage
    package let release: NuGetPackage.Release

    package init(_ package: NuGetPackage, _ release: NuGetPackage.Release) {
      self.package = package
      self.release = release
    }

    var isLatest: Bool { package.latest(prereleases: false)?.version == release.version }
    var isAbsoluteLatest: Bool { package.latest(prereleases: true)?.version == release.version }
  }

  private static let namespaces =
    "xmlns=\"http://www.w3.org/2005/Atom\" "
    + "xmlns:d=\"http://schemas.microsoft.com/ado/2007/08/dataservices\" "
    + "xmlns:m=\"http://schemas.microsoft.com/ado/2007/08/dataservices/metadata\""
  private static let head = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"

  private let addresses: NuGetAddresses
  /// Where the feed is, without a slash at its end.
  private let address: String

  package init(_ addresses: NuGetAddresses, at address: String) {
    self.addresses = addresses
    self.address = address
  }

  private var base: String { "xml:base=\"\(Self.escape(address + "/"))\"" }

  /// The AtomPub service document, which old clients ask for before everything else.
  package func renderService() -> [UInt8] {
    Array(
      """
      \(Self.head)<service xmlns="http://www.w3.org/2007/app" \
      xmlns:atom="http://www.w3.org/2005/Atom" \(base)>\
      <workspace><atom:title>Default</atom:title>\
      <collection href="Packages"><atom:title>Packages</atom:title></collection>\
      </workspace></service>
      """.utf8
    )
  }

  /// Renders a page of entries; `next` is where the feed goes on, when there is more.
  package func render(
    _ entries: some Collection<Entry>,
    title: String,
    count: Int? = nil,
    next: String? = nil,
    updatedAt: UploadTime
  ) -> [UInt8] {
    var text = "\(Self.head)<feed \(base) \(Self.namespaces)>"
    text += "<title type=\"text\">\(Self.escape(title))</title>"
    text += "<id>\(Self.escape("\(address)/\(title)"))</id>"
    text += "<updated>\(updatedAt.text)</updated>"
    text += "<link rel=\"self\" title=\"\(Self.escape(title))\" href=\"\(Self.escape(title))\"/>"
    if let count { text += "<m:count>\(count)</m:count>" }
    for entry in entries { text += render(entry, attributes: "") }
    if let next { text += "<link rel=\"next\" href=\"\(Self.escape(next))\"/>" }
    return Array((text + "</feed>").utf8)
  }

  package func render(_ entry: Entry) -> [UInt8] {
    Array((Self.head + render(entry, attributes: " \(base) \(Self.namespaces)")).utf8)
  }

  private func render(_ entry: Entry, attributes: String) -> String {
    let (release, description) = (entry.release, entry.release.description)
    let (id, version) = (description.id, release.version)
    let content = addresses.content(entry.package.key, version.key)
    let place = "Packages(Id='\(id)',Version='\(version.text)')"
    var text = "<entry\(attributes)><id>\(Self.escape("\(address)/\(place)"))</id>"
    text += "<category term=\"NuGetGallery.V2FeedPackage\" "
    text += "scheme=\"http://schemas.microsoft.com/ado/2007/08/dataservices/scheme\"/>"
    text += "<link rel=\"edit\" title=\"V2FeedPackage\" href=\"\(Self.escape(place))\"/>"
    text += "<title type=\"text\">\(Self.escape(id))</title>"
    text += "<summary type=\"text\">\(Self.escape(description[.summary] ?? ""))</summary>"
    text += "<updated>\(Self.time(release))</updated>"
    text += "<author><name>\(Self.escape(description[.authors] ?? ""))</name></author>"
    text += "<content type=\"application/zip\" src=\"\(Self.escape(content))\"/>"
    text += "<m:properties>"
    for property in Self.properties(of: entry) { text += property }
    return text + "</m:properties></entry>"
  }

  private static func properties(of entry: Entry) -> [String] {
    let (release, description) = (entry.release, entry.release.description)
    let hash = release.file?.hashes["sha512"].flatMap(Hexadecimal.decode).map(Base64.encode)
    return [
      property("Id", description.id), property("Version", release.version.text),
      property("NormalizedVersion", release.version.text),
      property("Title", description[.title] ?? description.id),
      property("Authors", description[.authors]), property("Copyright", description[.copyright]),
      property("Description", description[.description] ?? ""),
      property("Summary", description[.summary]),
      property("ReleaseNotes", description[.releaseNotes]),
      property("Language", description[.language]),
      property("IconUrl", description[.iconUrl]), property("LicenseUrl", description[.licenseUrl]),
      property("ProjectUrl", description[.projectUrl]),
      property("MinClientVersion", description[.minClientVersion]),
      property("Tags", description.tags.joined(separator: " ")),
      property("Dependencies", dependencies(of: description)),
      property("PackageHash", hash ?? ""), property("PackageHashAlgorithm", "SHA512"),
      property("PackageSize", String(release.file?.byteCount ?? 0), "Edm.Int64"),
      property("DownloadCount", "0", "Edm.Int32"),
      property("VersionDownloadCount", "0", "Edm.Int32"),
      property("IsLatestVersion", String(entry.isLatest), "Edm.Boolean"),
      property("IsAbsoluteLatestVersion", String(entry.isAbsoluteLatest), "Edm.Boolean"),
      property("IsPrerelease", String(release.version.isPrerelease), "Edm.Boolean"),
      property("Listed", String(release.isListed), "Edm.Boolean"),
      property(
        "RequireLicenseAcceptance",
        String(description.requiresLicenseAcceptance),
        "Edm.Boolean"
      ),
      property("Created", time(release), "Edm.DateTime"),
      property("LastUpdated", time(release), "Edm.DateTime"),
      property("Published", time(release), "Edm.DateTime"),
    ]
  }

  private static func time(_ release: NuGetPackage.Release) -> String {
    release.isListed ? release.publicationText : "1900-01-01T00:00:00Z"
  }

  private static func property(_ name: String, _ value: String?, _ type: String? = nil) -> String {
    guard let value else { return "<d:\(name) m:null=\"true\"/>" }
    let attribute = type.map { " m:type=\"\($0)\"" } ?? ""
    return "<d:\(name)\(attribute)>\(escape(value))</d:\(name)>"
  }

  /// `id:range:framework`, joined by bars.
  private static func dependencies(of description: NuGetDescription) -> String {
    description.dependencyGroups.flatMap { group in
      let framework = group.targetFramework ?? ""
      guard !group.dependencies.isEmpty else { return ["::\(framework)"] }
      return group.dependencies.map { "\($0.id):\($0.range.shortText):\(framework)" }
    }.joined(separator: "|")
  }

  /// Control characters, which XML 1.0 cannot express, are left out.
  private static func escape(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\t", "\n", "\r": escaped.unicodeScalars.append(scalar)
      case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": break
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
