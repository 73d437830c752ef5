import FormatRules
import HTTPTypes

/// What an address within a repository means to cargo.
enum CargoRoute {
  case configuration
  case indexFile(CrateName)
  case publish
  case search
  case download(CrateName, String)
  case yank(CrateName, String)
  case unyank(CrateName, String)
  case owners(CrateName)
  case versions(CrateName)

  /// Reads the segments behind the repository; nil for what means nothing.
  init?(_ rest: [String]) {
    if rest == ["config.json"] {
      self = .configuration
    } else if rest.starts(with: ["api", "v1", "crates"]) {
      self.init(interface: Array(rest.dropFirst(3)))
    } else if let name = CrateName(indexPath: rest) {
      self = .indexFile(name)
    } else {
      return nil
    }
  }

  private init?(interface rest: [String]) {
    if rest.isEmpty || rest == [""] {
      self = .search
    } else if rest == ["new"] {
      self = .publish
    } else if let name = CrateName(rest[0]) {
      self.init(name, Array(rest.dropFirst()))
    } else {
      return nil
    }
  }

  private init?(_ name: CrateName, _ rest: [String]) {
    switch (rest.count, rest.last) {
    case (1, "owners"): self = .owners(name)
    case (1, "versions"): self = .versions(name)
    case (2, "download"): self = .download(name, rest[0])
    case (2, "yank"): self = .yank(name, rest[0])
    case (2, "unyank"): self = .unyank(name, rest[0])
    default: return nil
    }
  }

  /// The methods that the address has, when `method` is none of them.
  func refusedMethods(_ method: HTTPRequest.Method) -> String? {
    let allowed: [HTTPRequest.Method] =
      switch self {
      case .configuration, .indexFile, .search, .download, .versions: [.get, .head]
      case .publish, .unyank: [.put]
      case .yank: [.delete]
      case .owners: [.get, .put, .delete]
      }
    return allowed.contains(method) ? nil : allowed.map(\.rawValue).joined(separator: ", ")
  }
}
