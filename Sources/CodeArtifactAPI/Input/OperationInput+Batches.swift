import FormatRules

/// Lists and maps of strings, as the calls about many versions have them in their bodies.
extension OperationInput {
  /// An optional boolean of the body.
  mutating func optionalFlag(body member: String) -> Bool? {
    switch wholeBody[member] {
    case nil, .null: return nil
    case .bool(let flag): return flag
    case let value?:
      noteKind(member, value, "a boolean")
      return nil
    }
  }

  /// An optional word of an enumeration of the body.
  mutating func optional<Word: RawRepresentable & CaseIterable>(
    body member: String,
    oneOf _: Word.Type
  ) -> Word? where Word.RawValue == String {
    switch wholeBody[member] {
    case nil, .null: return nil
    case .string(let text):
      if let word = Word(rawValue: text) { return word }
      let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
      note(member, value: text, "Member must satisfy enum value set: [\(words)]")
      return nil
    case let value?:
      noteKind(member, value, "a string")
      return nil
    }
  }

  /// An optional list of strings of the body.
  mutating func strings(body member: String, _ shape: StringShape, upTo limit: Int) -> [String]? {
    switch wholeBody[member] {
    case nil, .null: return nil
    case .array(let values):
      noteCount(values.count, of: member, upTo: limit)
      return values.enumerated().compactMap { index, value in
        string(value, at: "\(member).\(index + 1).member", shape)
      }
    case let value?:
      noteKind(member, value, "a list")
      return nil
    }
  }

  /// An optional map from strings to strings of the body.
  mutating func map(
    body member: String,
    keys: StringShape,
    values: StringShape,
    upTo limit: Int
  ) -> [String: String]? {
    switch wholeBody[member] {
    case nil, .null: return nil
    case .object(let members):
      noteCount(members.count, of: member, upTo: limit)
      var map: [String: String] = [:]
      for (index, entry) in members.enumerated() {
        let key = string(.string(entry.name), at: "\(member).\(index + 1).key", keys)
        let value = string(entry.value, at: "\(member).\(index + 1).value", values)
        if let key, let value { map[key] = value }
      }
      return map
    case let value?:
      noteKind(member, value, "a map")
      return nil
    }
  }

  private mutating func string(
    _ value: JSONValue,
    at path: String,
    _ shape: StringShape
  ) -> String? {
    guard case .string(let text) = value else {
      noteKind(path, value, "a string")
      return nil
    }
    for violation in shape.violations(of: text) { note(path, value: text, violation) }
    return text
  }

  private mutating func noteCount(_ count: Int, of member: String, upTo limit: Int) {
    guard count > limit else { return }
    note(
      member,
      value: "\(count) items",
      "Member must have length less than or equal to \(limit)"
    )
  }

  private mutating func noteKind(_ member: String, _ value: JSONValue, _ kind: String) {
    var writer = JSONWriter()
    writer.value(value)
    note(member, value: String(decoding: writer.bytes, as: UTF8.self), "Member must be \(kind)")
  }
}
