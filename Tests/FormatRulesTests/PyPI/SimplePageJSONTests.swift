import FormatRules
import Testing

@Suite("Simple page in JSON")
struct SimplePageJSONTests {
  @Test func `a page is written in one way only`() {
    let expected = """
      {"meta":{"api-version":"1.1","tracks":["https://a.example/simple/demo/"]},"name":"demo-pkg",\
      "project-status":{"status":"deprecated","reason":"use <other>"},\
      "alternate-locations":["https://b.example/simple/demo/","https://c.example/simple/demo/"],\
      "versions":["0.8","0.9","1.0+cu118"],"files":[\
      {"filename":"demo_pkg-1.0+cu118-py3-none-any.whl",\
      "url":"1.0%2Bcu118/demo_pkg-1.0%2Bcu118-py3-none-any.whl",\
      "hashes":{"sha256":"\(SimplePageSamples.digest)","md5":"0123456789abcdef0123456789abcdef"},\
      "requires-python":">=3.8,<4","size":5368709120,"upload-time":"2022-01-01T12:34:56.789012Z",\
      "yanked":false,"core-metadata":{"sha256":"\(SimplePageSamples.metadataDigest)"},\
      "dist-info-metadata":{"sha256":"\(SimplePageSamples.metadataDigest)"},"gpg-sig":true,\
      "provenance":"https://index.example/demo.provenance"},\
      {"filename":"demo.pkg-0.9.tar.gz","url":"0.9/demo.pkg-0.9.tar.gz",\
      "hashes":{"sha256":"\(SimplePageSamples.digest)"},"size":12,\
      "yanked":"says \\"no\\" & <more>'s","core-metadata":true,"dist-info-metadata":true,"gpg-sig":false},\
      {"filename":"demo.pkg-0.8.zip","url":"0.8/demo.pkg-0.8.zip","hashes":{},"yanked":true}]}
      """
    #expect(SimplePageSamples.full.renderJSON().text == expected)
  }

  @Test func `the first digest is the one that a client should write down`() {
    let hashes = ["md5": "1", "sha1": "2", "sha256": "3", "tiger": "4", "blake2_256": "5"]
    let page = SimplePage(
      name: "x",
      files: [SimpleFile(fileName: "x-1.zip", url: "x-1.zip", hashes: hashes)]
    )
    let written = #"{"sha256":"3","sha1":"2","md5":"1","blake2_256":"5","tiger":"4"}"#
    #expect(page.renderJSON().text.contains(written))
  }

  @Test func `a written page reads as it was`() throws {
    let page = SimplePageSamples.full
    #expect(try SimplePage(json: page.renderJSON(), at: nil) == page)
  }

  @Test func `relative links count from the page's address`() throws {
    let json =
      #"{"meta":{"api-version":"1.0"},"name":"x","files":[{"filename":"x-1.zip","url":"../../f/x-1.zip#sha256=00","provenance":"/p"},{"filename":"y","url":"//h2/y"}]}"#
    let page = try SimplePage(json: json.bytes, at: "https://h/simple/x/")
    #expect(page.files.map(\.url) == ["https://h/f/x-1.zip", "https://h2/y"])
    #expect(page.files[0].provenance == "https://h/p")
  }

  @Test func `the older name of the metadata key is understood`() throws {
    let json =
      #"{"files":[{"filename":"a","url":"a","dist-info-metadata":{"sha256":"AB"}},{"filename":"b","url":"b","core-metadata":false,"dist-info-metadata":true},{"filename":"c","url":"c","core-metadata":true}]}"#
    let page = try SimplePage(json: json.bytes, at: nil)
    #expect(
      page.files.map(\.coreMetadata) == [
        .available(hashes: ["sha256": "ab"]), .none, .available(hashes: [:]),
      ]
    )
  }

  @Test func `a broken file hides no other, and odd values are left out`() throws {
    let json =
      #"{"files":[{"filename":"a"},{"url":"b"},7,{"filename":"c","url":"c","size":-1,"upload-time":"x","yanked":0,"hashes":[],"requires-python":null,"gpg-sig":"y"}]}"#
    let page = try SimplePage(json: json.bytes, at: nil)
    #expect(page.files == [SimpleFile(fileName: "c", url: "c")])
  }

  @Test(arguments: [
    #"{"meta":{"api-version":"2.0"},"files":[]}"#, "[]", "{}", #"{"files":{}}"#, "<html>",
  ])
  func `what is no page of version 1 is refused`(json: String) {
    #expect(throws: MalformedInput.self) { try SimplePage(json: json.bytes, at: nil) }
  }

  @Test(arguments: ["1.0", "1.1", "1.4", "1.99"])
  func `a later minor version is read`(version: String) throws {
    _ = try SimplePage(json: #"{"meta":{"api-version":"\#(version)"},"files":[]}"#.bytes, at: nil)
  }

  @Test func `the list of projects is written in both forms`() {
    let index = SimpleIndex(projects: ["Flask_Login", "a<b"])
    #expect(
      index.renderJSON().text
        == #"{"meta":{"api-version":"1.1"},"projects":[{"name":"Flask_Login"},{"name":"a<b"}]}"#
    )
    #expect(index.renderHTML().text.contains("<a href=\"flask-login/\">Flask_Login</a><br>\n"))
    #expect(index.renderHTML().text.contains(">a&lt;b</a>"))
  }
}
