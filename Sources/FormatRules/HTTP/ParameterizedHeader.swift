internal import Bytes

/// A header value with parameters, such as `form-data; name="content"` (RFC 9110 section 5.6.6).
///
/// Lenient: white space anywhere, none needed, quotes optional.
struct ParameterizedHeader {
  /// In lower case.
  let value: String
  /// Names in lower case; the first of two equal names counts.
  private var parameters: [String: String] = [:]

  init(_ text: String) {
    var rest = Array(text.utf8)[...]
    let value = Self.token(&rest) { $0 == UInt8(ascii: ";") }
    self.value = String(decoding: value.map(\.lowercased), as: UTF8.self)
    while rest.popFirst() != nil {
      let name = Self.token(&rest) { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ";") }
      guard rest.first == UInt8(ascii: "=") else { continue }
      rest.removeFirst()
      let key = String(decoding: name.map(\.lowercased), as: UTF8.self)
      let value = Self.value(&rest)
      if parameters[key] == nil { parameters[key] = value }
    }
  }

  subscript(name: String) -> String? { parameters[name] }

  /// The value of `name*`, which names its character set and is percent-encoded (RFC 8187).
  func extendedValue(_ name: String) -> String? {
    guard let text = parameters[name + "*"] else { return nil }
    let parts = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].lowercased() == "utf-8" else { return nil }
    return PercentEncoding.decode(parts[2])
  }

  private static func token(
    _ rest: inout ArraySlice<UInt8>,
    until isEnd: (UInt8) -> Bool
  ) -> ArraySlice<UInt8> {
    let run = rest.prefix { !isEnd($0) }
    rest = rest.dropFirst(run.count)
    return run.trimmed
  }

  private static func value(_ rest: inout ArraySlice<UInt8>) -> String {
    rest = rest.drop(while: \.isBlank)
    guard rest.first == UInt8(ascii: "\"") else {
      return String(decoding: token(&rest) { $0 == UInt8(ascii: ";") }, as: UTF8.self)
    }
    rest.removeFirst()
    var bytes: [UInt8] = []
    while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
      // Only quotes and backslashes are escaped; elsewhere a backslash is a Windows path's own.
      if byte == UInt8(ascii: "\\"), let next = rest.first,
        next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\")
      {
        bytes.append(rest.removeFirst())
      } else {
        bytes.append(byte)
      }
    }
    _ = token(&rest) { $0 == UInt8(ascii: ";") }
    return String(decoding: bytes, as: UTF8.self)
  }
}
