internal import Bytes

/// Puts JSON objects together from members and from the text of whole objects, without reading
/// what is copied.
struct Splicer {
  private var bytes: [UInt8] = [UInt8(ascii: "{")]
  private var needsComma = false

  /// Adds a member.
  mutating func member(_ name: String, _ value: JSONValue) {
    begin(name)
    var writer = JSONWriter()
    writer.value(value)
    bytes += writer.bytes
    needsComma = true
  }

  /// Adds a member whose value is text already.
  mutating func member(_ name: String, text: [UInt8]) {
    begin(name)
    bytes += text
    needsComma = true
  }

  /// Adds a member that is an object, its members added by `body`.
  mutating func object(_ name: String, _ body: (inout Splicer) -> Void) {
    begin(name)
    bytes.append(UInt8(ascii: "{"))
    needsComma = false
    body(&self)
    bytes.append(UInt8(ascii: "}"))
    needsComma = true
  }

  /// Adds all members of an object, given as its text from brace to brace.
  mutating func splice(_ object: String) {
    let text = object.utf8.span
    guard text.count > 2 else { return }
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    bytes.append(copying: text.extracting(1..<text.count - 1))
    needsComma = true
  }

  /// Closes the object and returns its text.
  consuming func finish() -> [UInt8] {
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }

  private mutating func begin(_ name: String) {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    var writer = JSONWriter()
    writer.string(name)
    bytes += writer.bytes
    bytes.append(UInt8(ascii: ":"))
  }
}
