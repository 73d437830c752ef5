import Catalog
import FormatRules

extension JSONValue {
  /// An object of the members that have a value, in order: the API leaves absent members out.
  static func members(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
    .object(members.compactMap { name, value in value.map { Member(name, $0) } })
  }

  /// A string, or nothing.
  static func text(_ value: String?) -> JSONValue? {
    value.map(JSONValue.string)
  }

  /// A whole number.
  static func integer(_ value: Int64) -> JSONValue {
    .number(String(value))
  }

  /// A moment as the API writes it: seconds since the epoch, to the millisecond.
  static func time(_ value: Timestamp) -> JSONValue {
    let milliseconds = value.microseconds / 1000
    let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
    guard rest != 0 else { return .integer(seconds) }
    let digits = String(abs(rest))
    let fraction = String(repeating: "0", count: 3 - digits.count) + digits
    return .number("\(milliseconds < 0 ? "-" : "")\(abs(seconds)).\(fraction)")
  }

  /// The value's text.
  var bytes: [UInt8] {
    var writer = JSONWriter()
    writer.value(self)
    return writer.bytes
  }
}
