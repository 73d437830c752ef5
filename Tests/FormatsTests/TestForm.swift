/// A form as upload clients write it, and as they do not.
struct TestForm {
  static let wheelName = "demo_pkg-1.0.0-py3-none-any.whl"
  static let wheelSHA256 = "21ff159ab3b5b69fcdd4e61eeb88b95991a0dc9783645bb9168c4c25bc12055b"
  static let wheelMD5 = "aab4d9951737547155e5749e94d9f412"
  static let wheelBLAKE2 = "26117c4bd4798eb5e05a78dfa75eac988ca5230293e8b9ccf7db240bb211f578"
  static let sdistName = "demo.pkg-1.0.0.tar.gz"

  var fields: [(name: String, value: String)]
  var file: (name: String?, bytes: [UInt8])?
  var isFileFirst = false
  var lineEnd = "\r\n"

  /// The wheel of the corpus, as twine sends it.
  static func wheel() throws -> TestForm {
    TestForm(
      fields: [
        ("metadata_version", "2.1"), ("name", "Demo.Pkg"), ("version", "1.0.0"),
        ("summary", "A demonstration"), ("requires_python", ">=3.8"), ("filetype", "bdist_wheel"),
        ("pyversion", "py3"), ("description", String(repeating: "long text\n", count: 20_000)),
        ("sha256_digest", wheelSHA256), ("blake2_256_digest", wheelBLAKE2), ("classifiers", "A"),
        ("classifiers", "B"), (":action", "file_upload"), ("protocol_version", "1"),
      ],
      file: (wheelName, try Archive.bytes("deflated.whl"))
    )
  }

  /// The source distribution of the corpus.
  static func sdist() throws -> TestForm {
    TestForm(
      fields: [
        (":action", "file_upload"), ("name", "demo_pkg"), ("version", "1.0"), ("filetype", "sdist"),
        ("pyversion", "source"),
      ],
      file: (sdistName, try Archive.bytes("pax.tar.gz"))
    )
  }

  /// A copy in which a field has another value, or is missing.
  func setting(_ name: String, _ value: String?) -> TestForm {
    var copy = self
    copy.fields.removeAll { $0.name == name }
    if let value { copy.fields.append((name, value)) }
    return copy
  }

  func naming(_ fileName: String?) -> TestForm {
    var copy = self
    copy.file?.name = fileName
    return copy
  }

  func holding(_ archive: String) throws -> TestForm {
    var copy = self
    copy.file?.bytes = try Archive.bytes(archive)
    return copy
  }

  var contentType: String { "multipart/form-data; boundary=7d1c" }

  var body: [UInt8] {
    var body: [UInt8] = []
    if isFileFirst { body += filePart }
    for (name, value) in fields {
      body += part("Content-Disposition: form-data; name=\"\(name)\"", Array(value.utf8))
    }
    if !isFileFirst { body += filePart }
    return body + Array("--7d1c--\(lineEnd)".utf8)
  }

  private var filePart: [UInt8] {
    guard let file else { return [] }
    let name = file.name.map { "; filename=\"\($0)\"" } ?? ""
    return part("Content-Disposition: form-data; name=\"content\"\(name)", file.bytes)
  }

  private func part(_ header: String, _ content: [UInt8]) -> [UInt8] {
    Array("--7d1c\(lineEnd)\(header)\(lineEnd)\(lineEnd)".utf8) + content + Array(lineEnd.utf8)
  }
}
