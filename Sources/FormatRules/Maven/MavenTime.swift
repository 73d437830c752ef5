/// Times as Maven's metadata has them: `yyyyMMddHHmmss` in UTC.
enum MavenTime {
  static func text(_ time: UploadTime) -> String {
    let digits = time.text.utf8.prefix { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "Z") }
      .filter(\.isDigit)
    return String(decoding: digits, as: UTF8.self)
  }
}
