import FormatRules
import Testing

@Suite("Multipart forms")
struct MultipartFormTests {
  struct Part: Equatable {
    var name: String
    var fileName: String?
    var content: [UInt8] = []

    init(_ name: String, _ content: String, fileName: String? = nil) {
      self.name = name
      self.fileName = fileName
      self.content = content.bytes
    }
  }

  private func read(_ body: [UInt8], type: String, pieces: Int) throws -> [Part] {
    var form = try MultipartForm(contentType: type)
    var parts: [Part] = []
    for piece in body.pieces(of: pieces) {
      for event in try form.feed(piece) {
        switch event {
        case .part(let part): parts.append(Part(part.name, "", fileName: part.fileName))
        case .content(let bytes): parts[parts.count - 1].content += bytes
        case .endOfPart: break
        }
      }
    }
    try form.finish()
    return parts
  }

  static let crlf = [
    "--X", "Content-Disposition: form-data; name=\":action\"", "", "file_upload", "--X",
    "Content-Disposition: form-data; name=\"empty\"", "", "", "--X",
    "Content-Type: application/octet-stream",
    "Content-Disposition: form-data; name=\"content\"; filename=\"a-1.zip\"", "",
    "PK\r\n--Y\r\n-\n--X-no\u{1}\r\r", "--X--", "",
  ].joined(separator: "\r\n").replacing("--X-no", with: "--Z-no")

  @Test(arguments: [1, 2, 3, 5, 64, 10_000])
  func `parts come out whole, however the body is cut`(pieces: Int) throws {
    let parts = try read(Self.crlf.bytes, type: "multipart/form-data; boundary=X", pieces: pieces)
    #expect(
      parts == [
        Part(":action", "file_upload"), Part("empty", ""),
        Part("content", "PK\r\n--Y\r\n-\n--Z-no\u{1}\r\r", fileName: "a-1.zip"),
      ]
    )
  }

  @Test(arguments: [1, 7, 10_000])
  func `lines may end in LF alone`(pieces: Int) throws {
    let body =
      "preamble\n--X  \nContent-Disposition:form-data;name=package\n\n1\n2\n--X\ncontent-disposition: form-data; name=\"f\"; filename=x\n\n\n--X--\nepilogue\n--X\n"
    let parts = try read(body.bytes, type: "multipart/form-data;boundary=\"X\"", pieces: pieces)
    #expect(parts == [Part("package", "1\n2"), Part("f", "", fileName: "x")])
  }

  @Test func `a part may be empty without a line of its own`() throws {
    let body = "--X\r\nContent-Disposition: form-data; name=a\r\n\r\n--X--"
    #expect(
      try read(body.bytes, type: "multipart/form-data; boundary=X", pieces: 1) == [Part("a", "")]
    )
  }

  @Test(arguments: [
    ("form-data; name=\"a\\\"b\\\\c\"", "a\"b\\c", nil),
    ("form-data ;\tname = a ; filename = \"C:\\x y.zip\"", "a", "C:\\x y.zip"),
    ("form-data; name=a; filename*=utf-8''a%2Bb%20%C3%A4.zip", "a", "a+b ä.zip"),
    ("FORM-DATA; NAME=a;", "a", nil),
    ("form-data; name=a; name=b; filename=\"x;y\"", "a", "x;y"),
    ("form-data; name=a;\r\n filename=z", "a", "z"),
  ])
  func `dispositions are read as clients write them`(
    text: String,
    name: String,
    fileName: String?
  ) throws {
    let body = "--X\r\nContent-Disposition: \(text)\r\n\r\nv\r\n--X--\r\n"
    #expect(
      try read(body.bytes, type: "multipart/form-data; boundary=X", pieces: 1000) == [
        Part(name, "v", fileName: fileName)
      ]
    )
  }

  @Test(arguments: [
    "", "text/plain; boundary=X", "multipart/form-data", "multipart/form-data; boundary=",
    "multipart/form-data; boundary=\"\(String(repeating: "x", count: 71))\"",
    "multipart/mixed; boundary=X",
  ])
  func `without a boundary there is no form`(type: String) {
    #expect(throws: MalformedInput.self) { try MultipartForm(contentType: type) }
  }

  @Test(arguments: [
    "", "--X", "--X\r\n", "--X\r\nContent-Disposition: form-data; name=a\r\n\r\nv\r\n",
    "--X\r\nContent-Disposition: form-data; name=a\r\n\r\nv\r\n--X",
    "--X\r\n\r\nv\r\n--X--", "--X\r\nContent-Disposition: form-data\r\n\r\n--X--",
    "--X\r\nContent-Disposition: attachment; name=a\r\n\r\n--X--",
    "--Xx\r\n\r\n--X--",
    "--X\r\nContent-Disposition: form-data; name=a; x=\(String(repeating: "y", count: 20_000))\r\n\r\n--X--",
  ])
  func `broken and cut bodies are refused`(body: String) {
    for pieces in [1, 100_000] {
      #expect(throws: MalformedInput.self) {
        try read(body.bytes, type: "multipart/form-data; boundary=X", pieces: pieces)
      }
    }
  }

  @Test func `a large file is handed out as it comes`() throws {
    var form = try MultipartForm(contentType: "multipart/form-data; boundary=X")
    _ = try form.feed(
      "--X\r\nContent-Disposition: form-data; name=content; filename=f\r\n\r\n".bytes
    )
    var byteCount = 0
    for index in 0..<64 {
      let chunk = [UInt8](repeating: UInt8(index), count: 1 << 16)
      for case .content(let bytes) in try form.feed(chunk) { byteCount += bytes.count }
      #expect(byteCount >= (index + 1) << 16 - 80)
    }
    for case .content(let bytes) in try form.feed("\r\n--X--".bytes) { byteCount += bytes.count }
    #expect(byteCount == 64 << 16)
    #expect(form.isFinished)
  }
}
