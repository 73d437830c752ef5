import FormatRules
import HTTPTypes

/// What an address within an npm repository means.
///
/// A scoped name comes as one segment (`@scope%2fname`) or as two, and each client has its own
/// habit; `-` is never a package's name.
enum NpmRoute: Equatable {
  case root
  case package(NpmName)
  case manifest(NpmName, version: String)
  case archive(NpmName, file: String)
  case packageRevision(NpmName, revision: String)
  case archiveRevision(NpmName, file: String, revision: String)
  case tags(NpmName)
  case tag(NpmName, String)
  case attestations(NpmName, version: String)
  case search
  case service(NpmService)

  /// Reads the decoded segments behind the repository; nil when they mean nothing.
  init?(_ rest: [String]) {
    var segments = rest[...]
    if segments.last == "" { segments.removeLast() }
    if segments.isEmpty {
      self = .root
    } else if let route = Self.attestations(segments) {
      self = route
    } else if segments.first == "-" {
      guard let route = Self.beside(segments.dropFirst()) else { return nil }
      self = route
    } else {
      guard let name = Self.takeName(&segments), let route = Self.within(name, segments) else {
        return nil
      }
      self = route
    }
  }

  private static func takeName(_ segments: inout ArraySlice<String>) -> NpmName? {
    guard var text = segments.popFirst() else { return nil }
    if text.hasPrefix("@"), !text.contains("/"), let base = segments.popFirst() {
      text += "/" + base
    }
    return NpmName(text)
  }

  private static func within(_ name: NpmName, _ segments: ArraySlice<String>) -> NpmRoute? {
    let segments = Array(segments)
    switch segments.first {
    case nil: return .package(name)
    case "-rev":
      return segments.count == 2 ? .packageRevision(name, revision: segments[1]) : nil
    case "-": return file(name, segments.dropFirst())
    case let version?:
      return segments.count == 1 ? .manifest(name, version: version) : nil
    }
  }

  /// A file's name may have a slash in it, decoded or not: `@scope/name-1.0.0.tgz`.
  private static func file(_ name: NpmName, _ segments: ArraySlice<String>) -> NpmRoute? {
    if let mark = segments.firstIndex(of: "-rev") {
      let file = segments[..<mark].joined(separator: "/")
      guard !file.isEmpty,
        segments.count == segments.distance(from: segments.startIndex, to: mark) + 2
      else { return nil }
      return .archiveRevision(name, file: file, revision: segments[mark + 1])
    }
    let file = segments.joined(separator: "/")
    return file.isEmpty ? nil : .archive(name, file: file)
  }

  /// The addresses below `/-/`.
  private static func beside(_ segments: ArraySlice<String>) -> NpmRoute? {
    var rest = segments
    if rest.first == "package" {
      rest.removeFirst()
      guard let name = takeName(&rest), rest.first == "dist-tags" else { return nil }
      rest.removeFirst()
      switch rest.count {
      case 0: return .tags(name)
      case 1: return rest.first.map { .tag(name, $0) }
      default: return nil
      }
    }
    if Array(rest) == ["v1", "search"] { return .search }
    return NpmService(Array(rest)).map(NpmRoute.service)
  }

  /// `-/npm/v1/attestations/name@version`, behind anything: npm puts the whole path of
  /// `dist.attestations.url` behind the registry's own address (pacote, `lib/registry.js`).
  private static func attestations(_ segments: ArraySlice<String>) -> NpmRoute? {
    let mark = ["-", "npm", "v1", "attestations"]
    for length in [1, 2] where segments.count >= mark.count + length {
      guard Array(segments.dropLast(length).suffix(mark.count)) == mark else { continue }
      let text = segments.suffix(length).joined(separator: "/")
      guard let at = text.lastIndex(of: "@"), let name = NpmName(text[..<at]) else { return nil }
      return .attestations(name, version: String(text[text.index(after: at)...]))
    }
    return nil
  }
}

/// What npm's clients ask of a registry that is not about one package.
enum NpmService: Equatable {
  case ping
  case whoami
  case webLogin
  case user(String)
  case logout(token: String)
  case bulkAudit
  case audit
  /// What registries sign their versions with, for `npm audit signatures`.
  case signingKeys

  init?(_ segments: [String]) {
    let account = "org.couchdb.user:"
    switch segments {
    case ["ping"]: self = .ping
    case ["whoami"]: self = .whoami
    case ["v1", "login"]: self = .webLogin
    case ["npm", "v1", "keys"]: self = .signingKeys
    case ["npm", "v1", "security", "advisories", "bulk"]: self = .bulkAudit
    case ["npm", "v1", "security", "audits"], ["npm", "v1", "security", "audits", "quick"]:
      self = .audit
    case let segments where segments.count == 3 && segments.prefix(2) == ["user", "token"]:
      self = .logout(token: segments[2])
    case let segments where segments.first == "user" && segments.count >= 2:
      guard segments[1].hasPrefix(account) else { return nil }
      self = .user(String(segments[1].dropFirst(account.count)))
    default: return nil
    }
  }
}

extension NpmRoute {
  /// The methods that the address answers to.
  var methods: [HTTPRequest.Method] {
    switch self {
    case .root, .manifest, .archive, .tags, .attestations, .search: [.get, .head]
    case .package: [.get, .head, .put]
    case .packageRevision: [.put, .delete]
    case .archiveRevision: [.delete]
    case .tag: [.put, .post, .delete]
    case .service(let service): service.methods
    }
  }
}

extension NpmService {
  var methods: [HTTPRequest.Method] {
    switch self {
    case .ping, .whoami, .signingKeys: [.get, .head]
    case .webLogin, .bulkAudit, .audit: [.post]
    case .user: [.get, .head, .put]
    case .logout: [.delete]
    }
  }
}
