import Bytes

/// Undoes the base 64 of a form's part as it comes in (RFC 2045 section 6.8): line breaks do not
/// count, and what is decoded is handed out at once.
package struct Base64Content: Sendable {
  private var pending: [UInt8] = []

  package init() {}

  /// Takes more of the text and returns the bytes it brings.
  package mutating func feed(_ text: [UInt8]) throws(MalformedInput) -> [UInt8] {
    pending += text.lazy.filter { !$0.isBlank }
    // The last group may be padded, which is known only at the end.
    let whole = max(0, pending.count - 1) / 4 * 4
    defer { pending.removeFirst(whole) }
    return try Self.decode(pending[..<whole])
  }

  /// Returns the last bytes.
  package mutating func finish() throws(MalformedInput) -> [UInt8] {
    defer { pending = [] }
    return try Self.decode(pending[...])
  }

  private static func decode(_ text: ArraySlice<UInt8>) throws(MalformedInput) -> [UInt8] {
    guard let bytes = Base64.decode(String(decoding: text, as: UTF8.self)) else {
      throw MalformedInput("form", "a part that says it is in base 64 is not")
    }
    return bytes
  }
}
