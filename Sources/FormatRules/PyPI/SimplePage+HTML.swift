extension SimplePage {
  /// Reads a page in the HTML representation (PEP 503 with PEPs 592, 629, 658, 708, 714, 740, 792).
  ///
  /// `address` is where the page was found, for relative links; nil leaves links as written. The
  /// HTML may be as loose as browsers allow. A file is named by the last segment of its address,
  /// as pip names it: anchor texts are cut short by some servers. Anchors that name no file, such
  /// as links to folders, are left out.
  /// - Throws: only when the page declares another major version of the API.
  package init(html: [UInt8], at address: String?) throws(MalformedInput) {
    var tokenizer = HTMLTokenizer(html)
    var page = SimplePage(name: "")
    var base = address
    while let token = tokenizer.next() {
      guard case .tag(let tag) = token, !tag.isEnd else { continue }
      switch tag.name {
      case "base":
        if let href = tag.attributes["href"] { base = SimpleFile.resolve(href, at: address) }
      case "meta":
        try page.take(meta: tag.attributes)
      case "a":
        if let file = SimpleFile(anchor: tag.attributes, at: base) { page.files.append(file) }
      default: break
      }
    }
    self = page
  }

  private mutating func take(meta: [String: String]) throws(MalformedInput) {
    guard let content = meta["content"] else { return }
    switch meta["name"]?.lowercased() {
    case "pypi:repository-version": try Self.checkVersion(content)
    case "pypi:tracks": tracks.append(content)
    case "pypi:alternate-locations": alternateLocations.append(content)
    case "pypi:project-status":
      status = ProjectStatus(marker: content, reason: status?.reason)
    case "pypi:project-status-reason":
      status = ProjectStatus(marker: status?.marker ?? "active", reason: content)
    default: break
    }
  }

  /// Writes the page in the HTML representation, files in the page's order, each on its line.
  package func renderHTML() -> [UInt8] {
    var page = HTMLPage(title: "Links for \(name)")
    for location in tracks { page.meta("pypi:tracks", location) }
    for location in alternateLocations { page.meta("pypi:alternate-locations", location) }
    if let status {
      page.meta("pypi:project-status", status.marker)
      if let reason = status.reason { page.meta("pypi:project-status-reason", reason) }
    }
    page.beginBody()
    for file in files {
      page.anchor(file.fileName, href: file.href, attributes: file.attributes)
    }
    return page.finish()
  }
}

extension SimpleFile {
  /// Digests that a fragment may carry, in the order in which one is chosen for writing: the
  /// strongest that every client knows comes first.
  static let algorithms = [
    "sha256", "sha512", "sha384", "sha224", "sha1", "md5", "sha3_256", "sha3_512", "blake2b",
    "blake2_256", "blake2s",
  ]

  fileprivate init?(anchor: [String: String], at base: String?) {
    guard let href = anchor["href"].map({ Array($0.utf8).trimmed }), !href.isEmpty else {
      return nil
    }
    let (address, fragment) = WebAddress.splitFragment(String(decoding: href, as: UTF8.self))
    guard let fileName = WebAddress.fileName(of: address), fileName != ".", fileName != ".." else {
      return nil
    }
    self.init(
      fileName: fileName,
      url: Self.resolve(address, at: base),
      hashes: Self.hashes(inFragment: fragment ?? ""),
      requiresPython: anchor["data-requires-python"],
      uploadTime: anchor["data-upload-time"].flatMap { UploadTime($0) },
      yank: anchor["data-yanked"].map { .yanked(reason: $0.isEmpty ? nil : $0) } ?? .none,
      coreMetadata: Self.coreMetadata(
        anchor["data-core-metadata"] ?? anchor["data-dist-info-metadata"]
      ),
      hasSignature: anchor["data-gpg-sig"].flatMap { Bool($0) },
      provenance: anchor["data-provenance"].map { Self.resolve($0, at: base) }
    )
  }

  private static func hashes(inFragment fragment: String) -> [String: String] {
    var hashes: [String: String] = [:]
    for part in fragment.split(separator: "&") {
      let sides = part.split(separator: "=", maxSplits: 1)
      guard sides.count == 2, algorithms.contains(sides[0].lowercased()) else { continue }
      hashes[sides[0].lowercased()] = sides[1].lowercased()
    }
    return hashes
  }

  private static func coreMetadata(_ value: String?) -> CoreMetadataSibling {
    guard let value, value.lowercased() != "false" else { return .none }
    return .available(hashes: hashes(inFragment: value))
  }

  fileprivate var href: String {
    guard let hash = Self.fragment(of: hashes) else { return url }
    return "\(url)#\(hash)"
  }

  private static func fragment(of hashes: [String: String]) -> String? {
    for algorithm in algorithms {
      if let digest = hashes[algorithm] { return "\(algorithm)=\(digest)" }
    }
    return nil
  }

  fileprivate var attributes: [(name: String, value: String)] {
    var attributes: [(name: String, value: String)] = []
    if let requiresPython { attributes.append(("data-requires-python", requiresPython)) }
    if let uploadTime { attributes.append(("data-upload-time", uploadTime.text)) }
    if case .yanked(let reason) = yank { attributes.append(("data-yanked", reason ?? "")) }
    if case .available(let hashes) = coreMetadata {
      let value = Self.fragment(of: hashes) ?? "true"
      attributes.append(("data-core-metadata", value))
      attributes.append(("data-dist-info-metadata", value))
    }
    if let hasSignature { attributes.append(("data-gpg-sig", String(hasSignature))) }
    if let provenance { attributes.append(("data-provenance", provenance)) }
    return attributes
  }
}
