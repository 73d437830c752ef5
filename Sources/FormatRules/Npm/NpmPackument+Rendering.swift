extension NpmPackument {
  /// The media type by which clients ask for the abbreviated form.
  package static let abbreviatedType = "application/vnd.npm.install-v1+json"

  /// Whether a request's `Accept` asks for the abbreviated form: it does when it names it.
  package static func isAbbreviated(accept values: [String]) -> Bool {
    let header = AcceptHeader(values)
    return header.ranges.contains {
      $0.type == "application" && $0.subtype == "vnd.npm.install-v1+json" && $0.weight > 0
    }
  }

  /// The full document.
  package func renderFull() -> [UInt8] {
    var document = Splicer(byteCount: byteCount(isFull: true))
    document.member("_id", .string(name.text))
    document.member("_rev", .string(revision))
    document.member("name", .string(name.text))
    let latest = latest?.manifest
    for member in [
      "description", "keywords", "license", "author", "homepage", "repository", "bugs",
    ] {
      if let value = latest?[member] { document.member(member, value) }
    }
    document.member("dist-tags", tagObject)
    document.object("versions") { document in
      for entry in entries {
        document.object(entry.listed.version) { write(entry, isFull: true, to: &$0) }
      }
    }
    document.member("time", times)
    if let maintainers = attributes["maintainers"] ?? latest?["maintainers"] {
      document.member("maintainers", maintainers)
    }
    if let users = attributes["users"] { document.member("users", users) }
    document.member("readme", .string(latest?.readme ?? attributes["readme"]?.string ?? ""))
    if let file = latest?["readmeFilename"] ?? attributes["readmeFilename"] {
      document.member("readmeFilename", file)
    }
    return document.finish()
  }

  /// The abbreviated document, which has what an installation needs.
  package func renderAbbreviated() -> [UInt8] {
    var document = Splicer(byteCount: byteCount(isFull: false))
    document.member("name", .string(name.text))
    document.member("modified", .string(modified?.npmText ?? "1970-01-01T00:00:00.000Z"))
    document.member("dist-tags", tagObject)
    document.object("versions") { document in
      for entry in entries {
        document.object(entry.listed.version) { write(entry, isFull: false, to: &$0) }
      }
    }
    return document.finish()
  }

  /// The manifest of one version; nil when it is not there.
  package func renderManifest(of version: String) -> [UInt8]? {
    guard let entry = entries.first(where: { $0.listed.version == version }) else { return nil }
    var document = Splicer()
    write(entry, isFull: true, to: &document)
    return document.finish()
  }

  package var tagObject: JSONValue {
    .object(tags.map { .init($0.name, .string($0.version)) })
  }

  /// Where a version's archive is: the one form that lock files of every client stay free of this
  /// host with.
  package func archiveAddress(of version: String) -> String {
    "\(root)/\(name.text)/-/\(Self.encode(name.fileName(of: version)))"
  }

  /// About how long a document is going to be: what is not a manifest's own text is an archive's
  /// address and digests, of 600 bytes or so, and a time.
  private func byteCount(isFull: Bool) -> Int {
    let manifests = entries.reduce(0) { sum, entry in
      sum + entry.manifest.brief.utf8.count + (isFull ? entry.manifest.rest.utf8.count : 0)
    }
    return manifests + entries.count * (600 + root.utf8.count) + (128 << 10)
  }

  private func write(_ entry: Entry, isFull: Bool, to document: inout Splicer) {
    let version = entry.listed.version
    document.splice(entry.manifest.brief)
    if isFull {
      document.splice(entry.manifest.rest)
      document.member("_id", .string("\(name.text)@\(version)"))
    }
    if let deprecated = entry.manifest.deprecated {
      document.member("deprecated", .string(deprecated))
    }
    document.object("dist") { dist in
      for member in entry.manifest.dist.members ?? [] {
        if let value = shown(member, of: entry) { dist.member(member.name, value) }
      }
      dist.member("tarball", .string(archiveAddress(of: version)))
    }
  }

  /// What is shown of a member of `dist`: addresses are those of here.
  private func shown(_ member: JSONValue.Member, of entry: Entry) -> JSONValue? {
    switch member.name {
    case "tarball": nil
    case "attestations": attestations(member.value, of: entry.listed)
    default: member.value
    }
  }

  private func attestations(_ stated: JSONValue, of listed: ListedVersion) -> JSONValue? {
    guard listed.files.contains(where: { $0.name == PackageListing.npmAttestationsName }) else {
      return nil
    }
    let release = Self.encode("\(name.text)@\(listed.version)")
    return stated.setting("url", .string("\(root)/-/npm/v1/attestations/\(release)"))
  }

  /// Percent-encodes what a path segment cannot hold; `@` and `+` may stand in one (RFC 3986
  /// section 3.3) and clients compare addresses that have them.
  private static func encode(_ text: String) -> String {
    guard !text.utf8.allSatisfy(isPlain) else { return text }
    var encoded = ""
    for byte in text.utf8 {
      guard !isPlain(byte) else {
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
        continue
      }
      let digits = String(byte, radix: 16, uppercase: true)
      encoded += byte < 16 ? "%0\(digits)" : "%\(digits)"
    }
    return encoded
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
      UInt8(ascii: "@"), UInt8(ascii: "+"):
      true
    default: byte.isLetter || byte.isDigit
    }
  }

  private var modified: UploadTime? {
    let stated = attributes["modified"]?.string.flatMap { UploadTime($0) }
    return (entries.compactMap(\.listed.publishedAt) + [stated].compactMap(\.self)).max()
  }

  private var times: JSONValue {
    var members: [JSONValue.Member] = []
    let known = entries.compactMap { entry in
      entry.listed.publishedAt.map { (entry.listed.version, $0) }
    }
    if let created = known.map(\.1).min() {
      members.append(.init("created", .string(created.npmText)))
    }
    if let modified { members.append(.init("modified", .string(modified.npmText))) }
    members += known.map { .init($0.0, .string($0.1.npmText)) }
    return .object(members)
  }
}

extension UploadTime {
  /// The instant as JavaScript writes it: three digits of fraction, always.
  package var npmText: String { text(fraction: 3) }
}
