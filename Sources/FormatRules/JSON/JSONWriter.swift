internal import Bytes

/// Writes JSON (RFC 8259) straight into bytes, without white space.
///
/// The caller opens and closes; the writer sets the commas. Documents of many megabytes cost their
/// own size and nothing else.
package struct JSONWriter {
  package private(set) var bytes: [UInt8] = []
  private var needsComma = false

  package init() {}

  package mutating func beginObject() { open("{") }
  package mutating func endObject() { close("}") }
  package mutating func beginArray() { open("[") }
  package mutating func endArray() { close("]") }

  package mutating func name(_ name: String) {
    string(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  package mutating func string(_ text: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    append(text.utf8.span)
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  package mutating func number(_ value: some FixedWidthInteger) { literal(String(value)) }
  package mutating func bool(_ value: Bool) { literal(value ? "true" : "false") }
  package mutating func null() { literal("null") }

  /// Puts in a value that is JSON already.
  package mutating func raw(_ json: some Collection<UInt8>) {
    separate()
    bytes.append(contentsOf: json)
    needsComma = true
  }

  /// Puts in all members of an object that is JSON already, given from brace to brace.
  mutating func members(of object: Span<UInt8>) {
    guard object.count > 2 else { return }
    separate()
    bytes.append(copying: object.extracting(1..<object.count - 1))
    needsComma = true
  }

  /// Makes room for so many bytes in all.
  mutating func reserveCapacity(_ byteCount: Int) { bytes.reserveCapacity(byteCount) }

  /// Returns the text and begins anew: nobody else holds it then, so that adding to it does not
  /// copy it.
  mutating func take() -> [UInt8] {
    defer { self = JSONWriter() }
    return bytes
  }

  package mutating func value(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .bool(let flag): bool(flag)
    case .number(let text): literal(text)
    case .string(let text): string(text)
    case .array(let values):
      beginArray()
      for element in values { self.value(element) }
      endArray()
    case .object(let members):
      beginObject()
      for member in members {
        name(member.name)
        self.value(member.value)
      }
      endObject()
    }
  }

  private mutating func literal(_ text: String) {
    separate()
    bytes.append(text)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
  }

  private mutating func open(_ bracket: Unicode.Scalar) {
    separate()
    bytes.append(UInt8(ascii: bracket))
    needsComma = false
  }

  private mutating func close(_ bracket: Unicode.Scalar) {
    bytes.append(UInt8(ascii: bracket))
    needsComma = true
  }

  /// What needs no escape is copied in runs: a text of text has a quote every ten bytes or so.
  private mutating func append(_ text: Span<UInt8>) {
    var (start, index) = (0, text.endOfPlainText(from: 0, to: text.count))
    while index < text.count {
      let byte = text[index]
      if byte < 0x80 {
        bytes.append(copying: text.extracting(start..<index))
        append(escaped: byte)
        start = index + 1
      }
      index = text.endOfPlainText(from: index + 1, to: text.count)
    }
    bytes.append(copying: text.extracting(start..<text.count))
  }

  private mutating func append(escaped byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
    case 0x0A: bytes.append("\\n")
    case 0x0D: bytes.append("\\r")
    case 0x09: bytes.append("\\t")
    case 0..<0x20:
      let hexadecimal = String(byte, radix: 16)
      bytes.append(byte < 0x10 ? "\\u000\(hexadecimal)" : "\\u00\(hexadecimal)")
    default: bytes.append(byte)
    }
  }
}
