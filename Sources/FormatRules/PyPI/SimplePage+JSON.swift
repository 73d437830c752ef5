extension SimplePage {
  /// Reads a page in the JSON representation (PEP 691 with PEPs 700, 708, 714, 740 and 792).
  ///
  /// `address` is where the page was found, for relative links; nil leaves links as written. A
  /// file without a name or an address is left out: one broken entry must not hide a project.
  /// - Throws: what is wrong when the text is no JSON object, lacks its files, or belongs to
  ///   another major version of the API, which PEP 691 tells clients to refuse.
  package init(json: [UInt8], at address: String?) throws(MalformedInput) {
    let root = try JSONReader.read(json)
    guard let files = root["files"]?.array else {
      throw MalformedInput("simple page", "there is no list of files")
    }
    let meta = root["meta"]
    try Self.checkVersion(meta?["api-version"]?.string)
    self.init(
      name: root["name"]?.string ?? "",
      files: files.compactMap { SimpleFile(json: $0, at: address) },
      versions: Self.strings(root["versions"]),
      tracks: Self.strings(meta?["tracks"]),
      alternateLocations: Self.strings(
        root["alternate-locations"] ?? meta?["alternate-locations"]
      ),
      status: ProjectStatus(json: root["project-status"] ?? meta?["project-status"])
    )
  }

  /// Writes the page in the JSON representation: members in the order of the specification, files
  /// and versions in the page's.
  package func renderJSON() -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writeMeta(to: &writer)
    writer.name("name")
    writer.string(name)
    if let status { status.write(to: &writer) }
    if !alternateLocations.isEmpty {
      writer.strings("alternate-locations", alternateLocations)
    }
    writer.strings("versions", versions)
    writer.name("files")
    writer.beginArray()
    for file in files { file.write(to: &writer) }
    writer.endArray()
    writer.endObject()
    return writer.bytes
  }

  /// Only the major version decides whether a client may read on (PEP 629, PEP 691).
  static func checkVersion(_ version: String?) throws(MalformedInput) {
    guard let version else { return }
    guard version.prefix(while: { $0 != "." }) == "1" else {
      throw MalformedInput("simple page", "its API version is \(version), and only 1.x is known")
    }
  }

  private func writeMeta(to writer: inout JSONWriter) {
    writer.name("meta")
    writer.beginObject()
    writer.name("api-version")
    writer.string(Self.writtenVersion)
    if !tracks.isEmpty { writer.strings("tracks", tracks) }
    writer.endObject()
  }

  private static func strings(_ value: JSONValue?) -> [String] {
    value?.array?.compactMap(\.string) ?? []
  }
}

extension ProjectStatus {
  /// Reads PEP 792's object; a bare word, which early drafts had, is taken as the marker.
  init?(json: JSONValue?) {
    guard let marker = json?.string ?? json?["status"]?.string else { return nil }
    self.init(marker: marker, reason: json?["reason"]?.string)
  }

  func write(to writer: inout JSONWriter) {
    writer.name("project-status")
    writer.beginObject()
    writer.name("status")
    writer.string(marker)
    if let reason {
      writer.name("reason")
      writer.string(reason)
    }
    writer.endObject()
  }
}

extension SimpleFile {
  init?(json: JSONValue, at address: String?) {
    guard let fileName = json["filename"]?.string, !fileName.isEmpty,
      let url = json["url"]?.string, !url.isEmpty
    else { return nil }
    self.init(
      fileName: fileName,
      url: WebAddress.splitFragment(Self.resolve(url, at: address)).address,
      hashes: Self.hashes(json["hashes"]) ?? [:],
      requiresPython: json["requires-python"]?.string,
      byteCount: json["size"]?.natural,
      uploadTime: json["upload-time"]?.string.flatMap { UploadTime($0) },
      yank: Self.yank(json["yanked"]),
      coreMetadata: Self.coreMetadata(json["core-metadata"] ?? json["dist-info-metadata"]),
      hasSignature: json["gpg-sig"]?.bool,
      provenance: json["provenance"]?.string.map { Self.resolve($0, at: address) }
    )
  }

  static func resolve(_ url: String, at address: String?) -> String {
    address.map { WebAddress.resolve(url, against: $0) } ?? url
  }

  private static func hashes(_ value: JSONValue?) -> [String: String]? {
    guard let members = value?.members else { return nil }
    return members.reduce(into: [:]) { result, member in
      result[member.name.lowercased()] = member.value.string?.lowercased()
    }
  }

  private static func yank(_ value: JSONValue?) -> Yank {
    switch value {
    case .bool(true)?: .yanked(reason: nil)
    case .string(let reason)?: .yanked(reason: reason)
    default: .none
    }
  }

  private static func coreMetadata(_ value: JSONValue?) -> CoreMetadataSibling {
    if let hashes = hashes(value) { return .available(hashes: hashes) }
    return value?.bool == true ? .available(hashes: [:]) : .none
  }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("filename", fileName)
    writer.member("url", url)
    writer.hashes("hashes", hashes)
    if let requiresPython { writer.member("requires-python", requiresPython) }
    if let byteCount {
      writer.name("size")
      writer.number(byteCount)
    }
    if let uploadTime { writer.member("upload-time", uploadTime.text) }
    writeYank(to: &writer)
    // The older name is for clients from before PEP 714.
    writeCoreMetadata("core-metadata", to: &writer)
    writeCoreMetadata("dist-info-metadata", to: &writer)
    if let hasSignature {
      writer.name("gpg-sig")
      writer.bool(hasSignature)
    }
    if let provenance { writer.member("provenance", provenance) }
    writer.endObject()
  }

  /// An empty reason is written as `true`: PEP 691 wants a non-empty string or a boolean.
  private func writeYank(to writer: inout JSONWriter) {
    writer.name("yanked")
    switch yank {
    case .none: writer.bool(false)
    case .yanked(let reason?) where !reason.isEmpty: writer.string(reason)
    case .yanked: writer.bool(true)
    }
  }

  private func writeCoreMetadata(_ name: String, to writer: inout JSONWriter) {
    guard case .available(let hashes) = coreMetadata else { return }
    if hashes.isEmpty {
      writer.name(name)
      writer.bool(true)
    } else {
      writer.hashes(name, hashes)
    }
  }
}

extension JSONWriter {
  fileprivate mutating func member(_ name: String, _ text: String) {
    self.name(name)
    string(text)
  }

  fileprivate mutating func strings(_ name: String, _ values: [String]) {
    self.name(name)
    beginArray()
    for value in values { string(value) }
    endArray()
  }

  /// The strongest first: pip 23 to 26 write only the first digest into reports and lock files, and
  /// `--require-hashes` takes no md5.
  ///
  /// Sorted, because a dictionary's own order differs from run to run and the bytes must not.
  fileprivate mutating func hashes(_ name: String, _ hashes: [String: String]) {
    self.name(name)
    beginObject()
    for (algorithm, digest) in hashes.sorted(by: { Self.rank($0.key) < Self.rank($1.key) }) {
      member(algorithm, digest)
    }
    endObject()
  }

  private static func rank(_ algorithm: String) -> (Int, String) {
    let known = SimpleFile.algorithms
    return (known.firstIndex(of: algorithm) ?? known.count, algorithm)
  }
}
