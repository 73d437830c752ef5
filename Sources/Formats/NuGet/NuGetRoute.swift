import FormatRules

/// What an address within the repository means.
enum NuGetRoute {
  /// A document below a hive of registrations.
  enum Document {
    case index(String)
    case page(String, lower: String, upper: String)
    case leaf(String, version: String)
  }

  case index
  case versions(String)
  case file(String, version: String, name: String)
  case registration(NuGetAddresses.Hive, Document)
  case search
  case autocomplete
  /// Where packages are pushed to; the repository's own address is the old service document too.
  case push
  /// A version where it is unlisted and listed again.
  case version(String, String)
  /// A resource of the old protocol, by the segments behind its root.
  case feed([String])
  case nothing

  init(_ rest: [String]) {
    let segments = rest.last == "" ? Array(rest.dropLast()) : rest
    switch segments.first {
    case nil: self = .push
    case "v3": self.init(v3: Array(segments.dropFirst()))
    case "api" where segments.dropFirst().first == "v2": self.init(v2: Array(segments.dropFirst(2)))
    default: self.init(v2: segments)
    }
  }

  private init(v3 segments: [String]) {
    switch (segments.first, segments.count) {
    case ("index.json", 1): self = .index
    case ("query", 1): self = .search
    case ("autocomplete", 1): self = .autocomplete
    case ("package", 1): self = .push
    case ("package", 3): self = .version(segments[1], segments[2])
    case ("flatcontainer", 3) where segments[2] == "index.json": self = .versions(segments[1])
    case ("flatcontainer", 4):
      self = .file(segments[1], version: segments[2], name: segments[3])
    case (let word?, 3...):
      guard let hive = NuGetAddresses.Hive(rawValue: word),
        let document = Self.document(Array(segments.dropFirst()))
      else {
        self = .nothing
        return
      }
      self = .registration(hive, document)
    default: self = .nothing
    }
  }

  private static func document(_ segments: [String]) -> Document? {
    guard let last = segments.last, last.hasSuffix(".json") else { return nil }
    let name = String(last.dropLast(".json".count))
    switch segments.count {
    case 2: return name == "index" ? .index(segments[0]) : .leaf(segments[0], version: name)
    case 4 where segments[1] == "page": return .page(segments[0], lower: segments[2], upper: name)
    default: return nil
    }
  }

  /// The old protocol: `Packages(…)`, `Search()`, `$metadata`; pushes go to `package`, and
  /// `{id}/{version}` is where 2.8 unlists.
  private init(v2 segments: [String]) {
    switch segments.count {
    case 0: self = .push
    case 1 where segments[0] == "package": self = .push
    case 3 where segments[0] == "package": self = .version(segments[1], segments[2])
    case 2 where NuGetVersion(segments[1]) != nil: self = .version(segments[0], segments[1])
    case 1, 2: self = .feed(segments)
    default: self = .nothing
    }
  }

  /// The methods that an address answers to, for those who use another.
  var methods: String {
    switch self {
    case .push: "GET, HEAD, PUT"
    case .version: "DELETE, POST"
    default: "GET, HEAD"
    }
  }
}
