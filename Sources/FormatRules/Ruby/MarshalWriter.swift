/// Writes Ruby's Marshal format, version 4.8 (Ruby's documentation, "Marshal Format"), as far as
/// the legacy index needs it.
struct MarshalWriter {
  private(set) var bytes: [UInt8] = [4, 8]
  private var symbols: [String: Int] = [:]

  mutating func null() { bytes.append(UInt8(ascii: "0")) }
  mutating func bool(_ value: Bool) { bytes.append(UInt8(ascii: value ? "T" : "F")) }

  mutating func integer(_ value: Int) {
    bytes.append(UInt8(ascii: "i"))
    long(value)
  }

  /// A text in UTF-8, which an instance variable says.
  mutating func string(_ text: String) {
    bytes.append(UInt8(ascii: "I"))
    raw(UInt8(ascii: "\""), Array(text.utf8))
    long(1)
    symbol("E")
    bool(true)
  }

  /// A symbol is written once; later ones point at it.
  mutating func symbol(_ name: String) {
    if let known = symbols[name] {
      bytes.append(UInt8(ascii: ";"))
      long(known)
    } else {
      symbols[name] = symbols.count
      raw(UInt8(ascii: ":"), Array(name.utf8))
    }
  }

  mutating func array<Element>(
    _ values: [Element],
    _ write: (inout MarshalWriter, Element) -> Void
  ) {
    beginArray(values.count)
    for value in values { write(&self, value) }
  }

  mutating func beginArray(_ count: Int) {
    bytes.append(UInt8(ascii: "["))
    long(count)
  }

  mutating func beginHash(_ count: Int) {
    bytes.append(UInt8(ascii: "{"))
    long(count)
  }

  /// An object with `count` instance variables, each a symbol and a value.
  mutating func beginObject(_ name: String, _ count: Int) {
    bytes.append(UInt8(ascii: "o"))
    symbol(name)
    long(count)
  }

  /// An object that is made from the value that follows (`marshal_load`).
  mutating func beginUserObject(_ name: String) {
    bytes.append(UInt8(ascii: "U"))
    symbol(name)
  }

  /// An object that is made from bytes of its own (`_load`).
  mutating func dumped(_ name: String, _ content: [UInt8]) {
    bytes.append(UInt8(ascii: "u"))
    symbol(name)
    long(content.count)
    bytes += content
  }

  /// An instant in UTC at a day's beginning.
  mutating func day(year: Int, month: Int, day: Int) {
    bytes.append(UInt8(ascii: "I"))
    let word =
      UInt32(3) << 30 | UInt32(clamping: year - 1900) << 14 | UInt32(clamping: month - 1) << 10
      | UInt32(clamping: day) << 5
    dumped("Time", (0..<8).map { $0 < 4 ? UInt8(truncatingIfNeeded: word >> ($0 * 8)) : 0 })
    long(1)
    symbol("zone")
    bytes.append(UInt8(ascii: "I"))
    raw(UInt8(ascii: "\""), Array("UTC".utf8))
    long(1)
    symbol("E")
    bool(false)
  }

  private mutating func raw(_ type: UInt8, _ content: [UInt8]) {
    bytes.append(type)
    long(content.count)
    bytes += content
  }

  /// A number of up to four bytes: small ones in one, moved by five.
  private mutating func long(_ value: Int) {
    switch value {
    case 0: bytes.append(0)
    case 1..<123: bytes.append(UInt8(value + 5))
    default:
      let width = value < 1 << 8 ? 1 : value < 1 << 16 ? 2 : value < 1 << 24 ? 3 : 4
      bytes.append(UInt8(width))
      for place in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> (place * 8))) }
    }
  }
}
