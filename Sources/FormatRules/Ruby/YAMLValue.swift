/// A value of the YAML that gems carry: scalars as their text, tags dropped.
///
/// What a tag says is known from where the value stands, and nothing here is ever made an object of
/// the class that it names.
indirect enum YAMLValue: Hashable, Sendable {
  /// Its text; `isPlain` when it stood without quotes, so that `~` or nothing means null.
  case scalar(String, isPlain: Bool)
  case sequence([YAMLValue])
  case mapping([Entry])

  struct Entry: Hashable, Sendable {
    let key: String
    let value: YAMLValue
  }

  static let null = YAMLValue.scalar("", isPlain: true)

  subscript(key: String) -> YAMLValue? {
    guard case .mapping(let entries) = self else { return nil }
    return entries.last { $0.key == key }?.value
  }

  var isNull: Bool {
    guard case .scalar(let text, isPlain: true) = self else { return false }
    return text.isEmpty || text == "~" || text == "null"
  }

  /// The text of a scalar that is not null.
  var text: String? {
    guard case .scalar(let text, _) = self, !isNull else { return nil }
    return text
  }

  var items: [YAMLValue]? {
    if case .sequence(let items) = self { items } else { nil }
  }

  var entries: [Entry]? {
    if case .mapping(let entries) = self { entries } else { nil }
  }
}
