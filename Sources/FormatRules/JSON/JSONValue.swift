/// A JSON value (RFC 8259) as it was written: members in order, numbers as their digits.
package enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// The number's own text, which has passed the grammar; no precision is lost by reading it.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  package struct Member: Hashable, Sendable {
    package let name: String
    package let value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// The value of the last member called `name`, as most readers have it; nil when this is no
  /// object or has no such member.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name == name }?.value
  }

  package var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  package var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  package var array: [JSONValue]? {
    if case .array(let values) = self { values } else { nil }
  }

  package var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// The number when it is a natural one that fits.
  package var natural: UInt64? {
    if case .number(let text) = self { UInt64(text) } else { nil }
  }
}
