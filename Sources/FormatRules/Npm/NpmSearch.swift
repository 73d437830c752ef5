/// A search by the words of a package's name (`/-/v1/search`, github.com/npm/registry,
/// `docs/REGISTRY-API.md`).
package struct NpmSearch: Sendable {
  /// How many results one reply may have.
  package static let greatestSize = 250

  /// What every found name must contain, in lower case.
  private let words: [String]
  /// The scope that found packages must be in, in lower case; from `scope:types`.
  private let scope: String?
  package let size: Int
  package let from: Int

  /// Reads a query's decoded names and values; what is missing or no number has its default.
  ///
  /// Other qualifiers than `scope:` (`author:`, `keywords:`, `not:` …) narrow a search by what
  /// is not known here before the packages are read, and are passed over.
  package init(query: [(name: String, value: String)]) {
    func value(_ name: String) -> String? { query.last { $0.name == name }?.value }
    // Forms write a blank as `+`.
    let text = (value("text") ?? "").lowercased().split { $0 == " " || $0 == "+" || $0 == "," }
    words = text.filter { !$0.contains(":") }.map(String.init)
    scope = text.first { $0.hasPrefix("scope:") }.map { word in
      let scope = word.dropFirst("scope:".count)
      return String(scope.hasPrefix("@") ? scope.dropFirst() : scope)
    }
    size = min(max(value("size").flatMap { Int($0) } ?? 20, 0), Self.greatestSize)
    from = max(value("from").flatMap { Int($0) } ?? 0, 0)
  }

  /// Returns the names that match, the closest first: the very word, then what begins with it, then
  /// the shorter.
  package func matches(_ names: [NpmName]) -> [NpmName] {
    let found = names.filter { name in
      let text = name.text.lowercased()
      return (scope == nil || name.scope?.lowercased() == scope) && words.allSatisfy(text.contains)
    }
    let ranked = found.map { name in (rank: rank(name), name: name) }
    let sorted = ranked.sorted { left, right in
      if left.rank != right.rank { return left.rank < right.rank }
      return left.name.text < right.name.text
    }
    return sorted.map(\.name)
  }

  private func rank(_ name: NpmName) -> Int {
    guard let word = words.first else { return 0 }
    let base = name.base.lowercased()
    if base == word || name.text.lowercased() == word { return 0 }
    return base.hasPrefix(word) ? 1 : 1 + name.text.utf8.count
  }

  /// Writes the reply.
  ///
  /// - Parameters:
  ///   - packages: those of the page that was asked for, in order.
  ///   - total: how many match in all.
  ///   - now: when the search was made.
  package static func render(
    _ packages: [NpmPackument],
    total: Int,
    now: UploadTime
  ) -> [UInt8] {
    let reply = JSONValue.object([
      .init("objects", .array(packages.compactMap(\.searchResult))),
      .init("total", .number(String(total))), .init("time", .string(now.npmText)),
    ])
    return Array(reply.json.utf8)
  }
}

extension NpmPackument {
  /// What a search shows of the package: its latest version. Scores are all the same, for nothing
  /// here counts downloads or judges quality.
  fileprivate var searchResult: JSONValue? {
    guard let latest else { return nil }
    var members: [JSONValue.Member] = [.init("name", .string(name.text))]
    members.append(.init("scope", .string(name.scope ?? "unscoped")))
    members.append(.init("version", .string(latest.listed.version)))
    for member in ["description", "keywords", "author"] {
      if let value = latest.manifest[member] { members.append(.init(member, value)) }
    }
    if let time = latest.listed.publishedAt {
      members.append(.init("date", .string(time.npmText)))
    }
    members.append(.init("links", links(of: latest.manifest)))
    if let publisher = latest.manifest["_npmUser"] {
      let username = publisher["name"] ?? .string("")
      members.append(.init("publisher", publisher.setting("username", username)))
    }
    let maintainers = (attributes["maintainers"] ?? latest.manifest["maintainers"])?.array ?? []
    members.append(
      .init(
        "maintainers",
        .array(maintainers.map { $0.setting("username", $0["name"] ?? .string("")) })
      )
    )
    let one = JSONValue.number("1")
    let detail: [JSONValue.Member] = ["quality", "popularity", "maintenance"].map { .init($0, one) }
    return .object([
      .init("package", .object(members)),
      .init("score", .object([.init("final", one), .init("detail", .object(detail))])),
      .init("searchScore", one),
    ])
  }

  private func links(of manifest: NpmManifest) -> JSONValue {
    var links: [JSONValue.Member] = [.init("npm", .string("\(root)/\(name.text)"))]
    if let home = manifest["homepage"], home.string != nil { links.append(.init("homepage", home)) }
    if let repository = manifest["repository"]?["url"] ?? manifest["repository"],
      repository.string != nil
    {
      links.append(.init("repository", repository))
    }
    if let bugs = manifest["bugs"]?["url"], bugs.string != nil { links.append(.init("bugs", bugs)) }
    return .object(links)
  }
}
