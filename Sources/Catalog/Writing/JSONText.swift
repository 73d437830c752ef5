internal import Bytes

/// A value to be written as JSON (RFC 8259), for the details of the journal and for settings.
enum JSONText {
  case string(String)
  case integer(Int64)
  case bool(Bool)
  case array([JSONText])
  case object([(key: String, value: JSONText)])
  case null

  /// The value as one line of text without spaces; members keep their order.
  var text: String {
    switch self {
    case .string(let string): Self.quoted(string)
    case .integer(let integer): String(integer)
    case .bool(let flag): flag ? "true" : "false"
    case .array(let items): "[" + items.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { Self.quoted($0.key) + ":" + $0.value.text }.joined(separator: ",") + "}"
    case .null: "null"
    }
  }

  static func optional(_ string: String?) -> JSONText {
    string.map(JSONText.string) ?? .null
  }

  /// Escapes what RFC 8259 section 7 demands: the quote, the backslash and the control characters.
  private static func quoted(_ string: String) -> String {
    var text = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case _ where scalar.value < 0x20:
        text += "\\u00" + Hexadecimal.encode([UInt8(scalar.value)])
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
