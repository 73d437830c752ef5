/// What a form's part says of itself in its `Content-Disposition` (RFC 7578 section 4.2).
package struct MultipartPart: Hashable, Sendable {
  /// The form field's name.
  package let name: String
  /// The name of the file on the sender's side; nil when the part is no file.
  package let fileName: String?
  /// Whether the content is in base 64: browsers never do it, and RFC 7578 section 4.7 deprecates
  /// it, but some upload tools still declare and mean it.
  package let isBase64: Bool

  package init(name: String, fileName: String?, isBase64: Bool = false) {
    self.name = name
    self.fileName = fileName
    self.isBase64 = isBase64
  }

  /// Reads the header lines of a part, each with its line break.
  init(headers: ArraySlice<UInt8>) throws(MalformedInput) {
    let lines = Self.unfold(headers)
    guard let disposition = Self.value(of: "content-disposition", in: lines),
      disposition.value == "form-data", let name = disposition["name"]
    else { throw MalformedInput("form", "a part does not say which field it is") }
    self.init(
      name: name,
      fileName: disposition["filename"] ?? disposition.extendedValue("filename"),
      isBase64: Self.value(of: "content-transfer-encoding", in: lines)?.value == "base64"
    )
  }

  private static func value(
    of name: String,
    in lines: [ArraySlice<UInt8>]
  ) -> ParameterizedHeader? {
    for line in lines {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
        line[..<colon].trimmed.map(\.lowercased).elementsEqual(name.utf8)
      else { continue }
      return ParameterizedHeader(String(decoding: line[(colon + 1)...], as: UTF8.self))
    }
    return nil
  }

  /// Lines that begin with white space belong to the line before (RFC 5322 section 2.2.3).
  private static func unfold(_ headers: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    for line in headers.split(separator: 0x0A) {
      if line.first == 0x20 || line.first == 0x09, let last = lines.popLast() {
        lines.append(last.trimmed + [0x20] + line.trimmed)
      } else {
        lines.append(line)
      }
    }
    return lines
  }
}
