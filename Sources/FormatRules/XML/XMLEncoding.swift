/// Which characters the bytes of an XML document stand for (XML 1.0 appendix F).
enum XMLEncoding {
  /// Returns the document in UTF-8, without its byte order mark.
  ///
  /// A mark decides; without one the declaration does, and without that it is UTF-8. Old project
  /// files are written in Latin-1 or Windows-1252, which are read alike: the 27 characters in which
  /// they differ are punctuation.
  static func decode(_ bytes: [UInt8]) throws(MalformedInput) -> [UInt8] {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return try checked(Array(bytes.dropFirst(3))) }
    if bytes.starts(with: [0xFE, 0xFF]) { return try decode16(bytes.dropFirst(2), high: 0) }
    if bytes.starts(with: [0xFF, 0xFE]) { return try decode16(bytes.dropFirst(2), high: 1) }
    switch declared(in: bytes) {
    case nil, "utf-8", "utf8", "us-ascii", "ascii": return try checked(bytes)
    case "iso-8859-1", "iso8859-1", "iso8859_1", "latin1", "latin-1", "iso-8859-15", "cp1252",
      "windows-1252":
      return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })).utf8.map(\.self)
    case let name?: throw MalformedInput("XML", "its encoding \(name) is not read here")
    }
  }

  private static func checked(_ bytes: [UInt8]) throws(MalformedInput) -> [UInt8] {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw MalformedInput("XML", "it is not UTF-8, and declares no other encoding")
    }
    return bytes
  }

  private static func decode16(
    _ bytes: ArraySlice<UInt8>,
    high: Int
  ) throws(MalformedInput) -> [UInt8] {
    let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map { index in
      UInt16(bytes[index + high]) << 8 | UInt16(bytes[index + 1 - high])
    }
    guard bytes.count.isMultiple(of: 2), let text = String(validating: units, as: UTF16.self) else {
      throw MalformedInput("XML", "it is not UTF-16, which its byte order mark says")
    }
    return Array(text.utf8)
  }

  /// The encoding that the declaration names, in lower case.
  private static func declared(in bytes: [UInt8]) -> String? {
    guard bytes.starts(with: "<?xml".utf8) else { return nil }
    let declaration = bytes.prefix(256).prefix { $0 != UInt8(ascii: ">") }
    let text = String(decoding: declaration, as: UTF8.self)
    guard let range = text.firstRange(of: "encoding") else { return nil }
    let value = text[range.upperBound...].drop { $0 == " " || $0 == "=" }
    guard let quote = value.first, quote == "\"" || quote == "'" else { return nil }
    return value.dropFirst().prefix { $0 != quote }.lowercased()
  }
}
