/// What a form's part says of itself in its `Content-Disposition` (RFC 7578 section 4.2).
package struct MultipartPart: Hashable, Sendable {
  /// The form field's name.
  package let name: String
  /// The name of the file on the sender's side; nil when the part is no file.
  package let fileName: String?

  package init(name: String, fileName: String?) {
    self.name = name
    self.fileName = fileName
  }

  /// Reads the header lines of a part, each with its line break.
  init(headers: ArraySlice<UInt8>) throws(MalformedInput) {
    for line in Self.unfold(headers) {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
        line[..<colon].trimmed.map(\.lowercased).elementsEqual("content-disposition".utf8)
      else { continue }
      let header = ParameterizedHeader(String(decoding: line[(colon + 1)...], as: UTF8.self))
      guard header.value == "form-data", let name = header["name"] else { break }
      self.init(name: name, fileName: header["filename"] ?? header.extendedValue("filename"))
      return
    }
    throw MalformedInput("form", "a part does not say which field it is")
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
