import Bytes

/// Bytes as lines of an offset and 16 bytes in hexadecimal, without the lines that are all zero;
/// the last line is the offset of the end.
enum HexDump {
  static func encode(_ bytes: [UInt8]) -> String {
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 16) {
      let line = bytes[start..<min(start + 16, bytes.count)]
      guard line.contains(where: { $0 != 0 }) else { continue }
      text += offset(start) + "  " + Hexadecimal.encode(line) + "\n"
    }
    return text + offset(bytes.count) + "\n"
  }

  static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ")
      guard let first = parts.first, let offset = Int(first, radix: 16), offset >= bytes.count,
        let values = Hexadecimal.decode(parts.count > 1 ? String(parts[1]) : "")
      else { return nil }
      bytes.append(contentsOf: repeatElement(0, count: offset - bytes.count))
      bytes.append(contentsOf: values)
    }
    return bytes
  }

  private static func offset(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }
}
