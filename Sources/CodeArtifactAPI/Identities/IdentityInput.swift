import Access
import Catalog
import FormatRules
import Repository

/// The members of a call about identities.
extension Call {
  /// A text of the body; noted when it is missing or longer than any of these is.
  mutating func text(_ member: String) -> String {
    input.required(member, of: input.wholeBody, path: "body", .identityText)
  }

  mutating func optionalText(_ member: String) -> String? {
    input.optional(body: member, .identityText)
  }

  /// A policy's text, or the built-in one's name in its place.
  mutating func optionalDocument(_ member: String) -> String? {
    input.optional(body: member, .identityDocument)
  }

  mutating func flag(_ member: String) -> Bool {
    switch input.wholeBody[member] {
    case nil, .null: return false
    case .bool(let flag): return flag
    default:
      input.note(member, value: nil, "Member must be true or false")
      return false
    }
  }

  mutating func texts(_ member: String) -> [String] {
    guard let value = input.wholeBody[member], value != .null else { return [] }
    let texts = value.array?.compactMap(\.string)
    guard let texts, texts.count == value.array?.count else {
      input.note(member, value: nil, "Member must be a list of strings")
      return []
    }
    return texts
  }

  /// An object of strings.
  mutating func textsByName(_ member: String) -> [String: String] {
    guard let value = input.wholeBody[member], value != .null else { return [:] }
    let pairs = value.members?.compactMap { pair in pair.value.string.map { (pair.name, $0) } }
    guard let pairs, pairs.count == value.members?.count else {
      input.note(member, value: nil, "Member must be an object of strings")
      return [:]
    }
    return Dictionary(pairs) { first, _ in first }
  }

  /// The account in question: the caller's own unless it names another.
  mutating func account() -> String {
    input.optional(body: "account", .accountID) ?? principal.account
  }

  /// The user or role in question: `user` or `role` by name, or `principal` by the full one.
  mutating func identity() -> ARN {
    let account = account()
    if let text = optionalText("principal") {
      if let arn = ARN(text), arn.service == "iam" { return arn }
      input.note("principal", value: text, "Member must be the full name of a user or role")
      return .root(of: account)
    }
    if let role = optionalText("role") { return .role(role, account: account) }
    return .user(text("user"), account: account)
  }
}

extension ARN {
  var isRole: Bool { resource.hasPrefix("role/") }
}

extension StringShape {
  static let identityText = StringShape(lengths: 1...300, pattern: .printableSome)
  static let identityDocument = StringShape(lengths: 1...100_000, pattern: nil)
}
