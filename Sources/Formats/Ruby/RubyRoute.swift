import FormatRules
import HTTPTypes

/// What an address within a repository means to gem and bundler.
enum RubyRoute {
  case root
  case versions
  case names
  case info(String)
  case gem(String)
  case specification(String)
  case specifications(LegacyGemIndex.Selection)
  case dependencies(isJSON: Bool)
  case push
  case yank
  case owners(String, isJSON: Bool)
  case key

  /// Reads the segments behind the repository; nil for what means nothing.
  init?(_ rest: [String]) {
    switch rest.first {
    case nil: self = .root
    case "" where rest.count == 1: self = .root
    case "versions" where rest.count == 1: self = .versions
    case "names" where rest.count == 1: self = .names
    case "info" where rest.count == 2 && GemName.isValid(rest[1]): self = .info(rest[1])
    case "gems" where rest.count == 2:
      guard let name = Self.without(".gem", rest[1]) else { return nil }
      self = .gem(name)
    case "quick" where rest.count == 3 && rest[1] == "Marshal.4.8":
      guard let name = Self.without(".gemspec.rz", rest[2]) else { return nil }
      self = .specification(name)
    case "api" where rest.count > 2 && rest[1] == "v1":
      self.init(interface: Array(rest.dropFirst(2)))
    case let name? where rest.count == 1:
      guard let selection = LegacyGemIndex.Selection(rawValue: name) else { return nil }
      self = .specifications(selection)
    default: return nil
    }
  }

  private init?(interface rest: [String]) {
    switch (rest.count, rest.first) {
    case (1, "dependencies"): self = .dependencies(isJSON: false)
    case (1, "dependencies.json"): self = .dependencies(isJSON: true)
    case (1, "gems"): self = .push
    case (1, "api_key"), (1, "api_key.yaml"): self = .key
    case (2, "gems") where rest[1] == "yank": self = .yank
    case (3, "gems") where GemName.isValid(rest[1]):
      switch rest[2] {
      case "owners", "owners.yaml": self = .owners(rest[1], isJSON: false)
      case "owners.json": self = .owners(rest[1], isJSON: true)
      default: return nil
      }
    default: return nil
    }
  }

  private static func without(_ ending: String, _ text: String) -> String? {
    text.hasSuffix(ending) ? String(text.dropLast(ending.count)) : nil
  }

  var methods: [HTTPRequest.Method] {
    switch self {
    case .push: [.post]
    case .yank: [.delete]
    case .owners: [.get, .post, .delete]
    case .key: [.get, .post]
    default: [.get, .head]
    }
  }

  /// Whether the right to read is all that it takes.
  var isReading: Bool {
    switch self {
    case .push, .yank, .owners, .key: false
    default: true
    }
  }
}
