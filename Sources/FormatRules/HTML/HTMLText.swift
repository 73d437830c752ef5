/// Text inside HTML: character references in, character references out.
enum HTMLText {
  /// The references that index pages use; an unknown one stays as it is written.
  private static let named: [String: String] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
  ]

  /// The longest reference worth looking for, in bytes between `&` and `;`.
  private static let longestName = 10

  /// Returns the text that `bytes` stand for, with ill-formed UTF-8 repaired.
  static func unescape(_ bytes: ArraySlice<UInt8>) -> String {
    guard bytes.contains(UInt8(ascii: "&")) else { return String(decoding: bytes, as: UTF8.self) }
    var text: [UInt8] = []
    var rest = bytes
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "&"),
        let end = rest.prefix(longestName + 1).firstIndex(of: UInt8(ascii: ";")),
        let meaning = meaning(of: rest[rest.startIndex..<end])
      else {
        text.append(byte)
        continue
      }
      text.append(meaning)
      rest = rest[(end + 1)...]
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func meaning(of name: ArraySlice<UInt8>) -> String? {
    let name = String(decoding: name, as: UTF8.self)
    guard name.hasPrefix("#") else { return named[name] }
    let digits = name.dropFirst()
    let isHexadecimal = digits.hasPrefix("x") || digits.hasPrefix("X")
    let code =
      isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
    return code.flatMap { Unicode.Scalar($0) }.map { String(Character($0)) }
  }

  /// Appends `text` so that it is safe between tags and inside quoted attributes.
  static func append(escaping text: String, to bytes: inout [UInt8]) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): bytes.append("&amp;")
      case UInt8(ascii: "<"): bytes.append("&lt;")
      case UInt8(ascii: ">"): bytes.append("&gt;")
      case UInt8(ascii: "\""): bytes.append("&quot;")
      case UInt8(ascii: "'"): bytes.append("&#39;")
      default: bytes.append(byte)
      }
    }
  }
}
