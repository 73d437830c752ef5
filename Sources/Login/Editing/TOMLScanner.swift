/// Finds the tables of a TOML text and where their assignments stand, without reading values.
struct TOMLScanner {
  /// `[path]` or `[[path]]`, or what stands before the first of them (an empty path).
  struct Table {
    let path: [String]
    /// Whether it is an element of an array of tables.
    let isElement: Bool
    /// Where its head begins.
    let start: Int
    /// Behind its last assignment, or behind its head.
    var end: Int
    var entries: [Entry] = []
  }

  /// `key = value`.
  struct Entry {
    let key: [String]
    let value: Range<Int>
  }

  private let bytes: [UInt8]
  private var offset = 0
  private(set) var tables: [Table] = [Table(path: [], isElement: false, start: 0, end: 0)]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    while offset < bytes.count { scanLine() }
  }

  private mutating func scanLine() {
    skipBlanks()
    guard let first = peek else { return }
    switch first {
    case UInt8(ascii: "#"), 0x0A, 0x0D: skipLine()
    case UInt8(ascii: "["): scanHead()
    default: scanAssignment()
    }
  }

  private mutating func scanHead() {
    let start = lineStart(of: offset)
    var depth = 0
    while peek == UInt8(ascii: "["), depth < 2 {
      depth += 1
      offset += 1
    }
    let path = scanKey(until: UInt8(ascii: "]"))
    skipLine()
    tables.append(Table(path: path, isElement: depth == 2, start: start, end: offset))
  }

  private mutating func scanAssignment() {
    let key = scanKey(until: UInt8(ascii: "="))
    guard peek == UInt8(ascii: "=") else { return skipLine() }
    offset += 1
    skipBlanks()
    let start = offset
    let end = scanValue()
    skipLine()
    tables[tables.count - 1].entries.append(Entry(key: key, value: start..<end))
    tables[tables.count - 1].end = offset
  }

  /// The parts of a dotted key; stands at `end` afterwards, or at the end of the line.
  private mutating func scanKey(until end: UInt8) -> [String] {
    var parts: [String] = []
    var part = offset
    func close() { parts.append(Self.unquoted(bytes[part..<offset])) }
    while let byte = peek, byte != end, byte != 0x0A {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        skipString()
      } else {
        if byte == UInt8(ascii: ".") {
          close()
          part = offset + 1
        }
        offset += 1
      }
    }
    close()
    return parts
  }

  /// Skips a value and returns where it ends, less what follows it on its line.
  private mutating func scanValue() -> Int {
    var depth = 0
    var end = offset
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        skipString()
        end = offset
        continue
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: "#"):
        while let next = peek, next != 0x0A { offset += 1 }
        continue
      case 0x0A where depth <= 0: return end
      default: break
      }
      offset += 1
      if ![0x20, 0x09, 0x0A, 0x0D].contains(byte) { end = offset }
    }
    return end
  }

  /// Skips a string of any of the four kinds.
  private mutating func skipString() {
    guard let quote = peek else { return }
    let isLong = bytes[offset...].starts(with: [quote, quote, quote])
    offset += isLong ? 3 : 1
    while let byte = peek {
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        offset = min(offset + 2, bytes.count)
      } else if isLong, bytes[offset...].starts(with: [quote, quote, quote]) {
        offset += 3
        while peek == quote { offset += 1 }
        return
      } else if !isLong, byte == quote || byte == 0x0A {
        offset += byte == quote ? 1 : 0
        return
      } else {
        offset += 1
      }
    }
  }

  private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func skipBlanks() {
    while peek == 0x20 || peek == 0x09 { offset += 1 }
  }

  private mutating func skipLine() {
    while let byte = peek, byte != 0x0A { offset += 1 }
    if peek != nil { offset += 1 }
  }

  private func lineStart(of offset: Int) -> Int {
    bytes[..<offset].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
  }

  /// A key or string without white space and quotation marks around it.
  static func unquoted(_ bytes: ArraySlice<UInt8>) -> String {
    let text = String(decoding: bytes, as: UTF8.self)[...].trimmed
    guard text.count > 1, let quote = text.first, "\"'".contains(quote), text.last == quote else {
      return String(text)
    }
    let inside = String(text.dropFirst().dropLast())
    return quote == "'"
      ? inside : inside.replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
  }
}
