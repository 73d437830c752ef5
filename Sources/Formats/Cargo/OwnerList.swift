import Access
import FormatRules

/// The people that a package names as its owners, as the package's attributes keep them.
///
/// A list to be shown and kept. Who may publish is decided by the domain's permissions alone.
struct OwnerList: Sendable {
  private static let member = "owners"

  private(set) var names: [String]

  /// Reads a package's attributes.
  init(_ attributes: JSONValue) {
    names = (attributes[Self.member]?.array ?? []).compactMap(\.string)
  }

  /// The list, with `name` on it when nobody is.
  func startingWith(_ name: String) -> OwnerList {
    var list = self
    if list.names.isEmpty { list.names = [name] }
    return list
  }

  mutating func add(_ others: [String]) {
    for other in others where !names.contains(other) { names.append(other) }
  }

  mutating func remove(_ others: [String]) {
    names.removeAll { others.contains($0) }
  }

  /// The attributes with this list in place of theirs.
  func written(into attributes: JSONValue) -> JSONValue {
    let others = (attributes.members ?? []).filter { $0.name != Self.member }
    return .object(others + [.init(Self.member, .array(names.map { .string($0) }))])
  }

  /// The last part of a principal's name: `administrator` of `arn:…:user/administrator`.
  static func name(of principal: Principal) -> String {
    principal.arn.split { $0 == "/" || $0 == ":" }.last.map(String.init) ?? principal.arn
  }
}
