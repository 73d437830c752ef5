import FormatRules
import Testing

@Suite("Simple page in HTML")
struct SimplePageHTMLTests {
  @Test func `a page is written in one way only`() {
    let expected = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="pypi:repository-version" content="1.1">
      <meta name="pypi:tracks" content="https://a.example/simple/demo/">
      <meta name="pypi:alternate-locations" content="https://b.example/simple/demo/">
      <meta name="pypi:alternate-locations" content="https://c.example/simple/demo/">
      <meta name="pypi:project-status" content="deprecated">
      <meta name="pypi:project-status-reason" content="use &lt;other&gt;">
      <title>Links for demo-pkg</title>
      </head>
      <body>
      <h1>Links for demo-pkg</h1>
      <a href="1.0%2Bcu118/demo_pkg-1.0%2Bcu118-py3-none-any.whl#sha256=\(SimplePageSamples.digest)" \
      data-requires-python="&gt;=3.8,&lt;4" data-upload-time="2022-01-01T12:34:56.789012Z" \
      data-core-metadata="sha256=\(SimplePageSamples.metadataDigest)" \
      data-dist-info-metadata="sha256=\(SimplePageSamples.metadataDigest)" data-gpg-sig="true" \
      data-provenance="https://index.example/demo.provenance">demo_pkg-1.0+cu118-py3-none-any.whl</a><br>
      <a href="0.9/demo.pkg-0.9.tar.gz#sha256=\(SimplePageSamples.digest)" \
      data-yanked="says &quot;no&quot; &amp; &lt;more&gt;&#39;s" data-core-metadata="true" \
      data-dist-info-metadata="true" data-gpg-sig="false">demo.pkg-0.9.tar.gz</a><br>
      <a href="0.8/demo.pkg-0.8.zip" data-yanked="">demo.pkg-0.8.zip</a><br>
      </body>
      </html>

      """
    #expect(SimplePageSamples.full.renderHTML().text == expected)
  }

  @Test func `a written page reads as it was, save what HTML has no room for`() throws {
    var page = SimplePageSamples.full
    page.name = ""
    page.versions = []
    for index in page.files.indices { page.files[index].byteCount = nil }
    page.files[0].hashes["md5"] = nil
    #expect(try SimplePage(html: page.renderHTML(), at: nil) == page)
  }

  @Test func `loose HTML is read as browsers read it`() throws {
    let html = """
      <HTML><!-- <a href="no-1.zip">no</a> --><Body BGCOLOR=white>
      <script>var s = '<a href="no-2.zip">';</script><style>a::after{content:'<a href=no-3.zip>'}</style>
      <A HREF='a-1.zip#md5=AB' DATA-YANKED >a-1.zip</A><a
        class=x href = b-1.zip data-requires-python='>=3'  data-requires-python='>=2'>cut..&gt;</a>
      <a name="top"></a><a href="../">Parent</a><a href="">x</a><a href="   c-1.zip?x=1&amp;y=2 ">c</a>
      <a href=d-1.zip/>d</a> 1 < 2 <!DOCTYPE odd> <?php <a href="no-4.zip"> ?>
      <a href="e-1.zip" data-x="unclosed>e
      """
    let page = try SimplePage(html: html.bytes, at: "https://h/simple/x/")
    #expect(
      page.files.map(\.fileName).filter {
        $0.hasPrefix("no-1") || $0.hasPrefix("no-2") || $0.hasPrefix("no-3")
      } == []
    )
    #expect(
      page.files.first
        == SimpleFile(
          fileName: "a-1.zip",
          url: "https://h/simple/x/a-1.zip",
          hashes: ["md5": "ab"],
          yank: .yanked(reason: nil)
        )
    )
    #expect(page.files[1].requiresPython == ">=3")
    #expect(page.files[1].fileName == "b-1.zip")
    #expect(page.files[2].url == "https://h/simple/x/c-1.zip?x=1&y=2")
  }

  @Test func `a base element moves the links`() throws {
    let html = #"<base href="/files/"><a href="a-1.zip">a</a><a href="https://o/b-1.zip">b</a>"#
    let page = try SimplePage(html: html.bytes, at: "https://h/simple/x/")
    #expect(page.files.map(\.url) == ["https://h/files/a-1.zip", "https://o/b-1.zip"])
  }

  @Test(arguments: [
    ("&gt;=3&#44;&#x3c;4&#X22;", ">=3,<4\""), ("a & b &nosuch; &", "a & b &nosuch; &"),
    ("&#0;&#xD800;&#99999999999;", "\u{0}&#xD800;&#99999999999;"), ("&amp;lt;", "&lt;"),
  ])
  func `character references are resolved once`(written: String, meant: String) throws {
    let page = try SimplePage(
      html: "<a href='a-1.zip' data-requires-python=\"\(written.split(separator: "\"").joined())\">"
        .bytes,
      at: nil
    )
    #expect(page.files.first?.requiresPython == meant)
  }

  @Test func `several hashes and unknown fragments are told apart`() throws {
    let page = try SimplePage(
      html: "<a href='a-1.zip#egg=x&sha256=AA&md5=bb&subdirectory=c'>".bytes,
      at: nil
    )
    #expect(page.files.first?.hashes == ["sha256": "aa", "md5": "bb"])
  }

  @Test func `metadata marks of either spelling are understood`() throws {
    let html =
      "<a href=a-1.whl data-dist-info-metadata=true><a href=b-1.whl data-core-metadata=SHA256=AB><a href=c-1.whl data-core-metadata=false>"
    #expect(
      try SimplePage(html: html.bytes, at: nil).files.map(\.coreMetadata) == [
        .available(hashes: [:]), .available(hashes: ["sha256": "ab"]), .none,
      ]
    )
  }

  @Test func `another major version is refused`() {
    let html = "<meta name='pypi:repository-version' content='2.0'><a href=a-1.zip>"
    #expect(throws: MalformedInput.self) { try SimplePage(html: html.bytes, at: nil) }
  }

  @Test func `the content type decides how a page is read`() throws {
    let html = "<a href=a-1.zip>a</a>".bytes
    #expect(
      try SimplePage(reading: html, contentType: "text/html; charset=utf-8", at: "http://h/").files
        .count == 1
    )
    #expect(throws: MalformedInput.self) {
      try SimplePage(
        reading: html,
        contentType: "application/vnd.pypi.simple.v1+json",
        at: "http://h/"
      )
    }
    #expect(throws: MalformedInput.self) {
      try SimplePage(reading: html, contentType: "application/json", at: "http://h/")
    }
  }
}
