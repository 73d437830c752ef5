import ArchiveSamples
import Codec
import Testing

@testable import FormatRules

/// Small inputs that want to become much memory or much work.
///
/// What once took the square of the input takes hours where it comes back, and parts of a second
/// where it does not: the time limit tells them apart on any machine.
@Suite("Hostile sizes", .timeLimit(.minutes(10)))
struct HostileSizeTests {
  private func refusal(_ read: () throws -> Void) -> String {
    do {
      try read()
      return "accepted"
    } catch { return (error as? MalformedInput)?.reason ?? "\(error)" }
  }

  private func packed(_ bytes: [UInt8]) -> [UInt8] {
    DeflateCompressor.compress(bytes.span, as: .gzip)
  }

  private func inflate(_ bytes: [UInt8]) throws -> Int {
    var (gzip, count) = (GzipReader(), 0)
    gzip.feed(bytes)
    while true {
      let chunk = try gzip.produce(upTo: 64 << 10)
      if chunk.isEmpty { break }
      count += chunk.count
    }
    #expect(gzip.isFinished)
    return count
  }

  private func repeated(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
    Array(repeatElement(bytes, count: count).joined())
  }

  @Test func `a hundred thousand members of gzip in one piece cost what their bytes cost`() throws {
    let members = repeated(TestGzip.stored([1]), 100_000)
    #expect(try inflate(members) == 100_000)
  }

  @Test func `members of gzip without content have an end`() throws {
    let empty = TestGzip.stored([])
    let packed = TestGzip.stored([1])
    #expect(try inflate(repeated(repeated(empty, 900) + packed, 3)) == 3)
    #expect(
      refusal { _ = try inflate(repeated(empty, 1001)) }.contains("empty members in a row")
    )
  }

  @Test func `an audit request becomes neither long nor wide`() throws {
    let zeros = [UInt8](repeating: UInt8(ascii: " "), count: NpmAudit.longestRequest + 1)
    #expect(refusal { _ = try NpmAudit.emptyReport(of: packed(zeros)) }.contains("unpacks to more"))
    let wide = "[".bytes + repeated("0,".bytes, 600_000) + "0]".bytes
    #expect(packed(wide).count < 10_000)
    #expect(refusal { _ = try NpmAudit.emptyReport(of: packed(wide)) }.contains("more values"))
    let fine = repeated(" ".bytes, 1 << 20) + "{}".bytes
    #expect(try NpmAudit.emptyReport(of: packed(fine)).text.contains("advisories"))
  }

  @Test func `a JSON text has as many values as its reader allows`() throws {
    let text = #"{"a":[1,{"b":null}],"c":[]}"#.bytes
    #expect(try JSONReader.read(text, mostValues: 6).members?.count == 2)
    #expect(refusal { _ = try JSONReader.read(text, mostValues: 5) }.contains("more values"))
    let wide = "[".bytes + repeated("0,".bytes, JSONReader.mostValues) + "0]".bytes
    #expect(refusal { _ = try JSONReader.read(wide) }.contains("more values"))
  }

  @Test func `what publishers send of a version is not wide`() throws {
    let wide = "[".bytes + repeated("0,".bytes, 500_000) + "0]".bytes
    let crate = #"{"name":"a","vers":"1.0.0","x":"#.bytes + wide + "}".bytes
    #expect(
      refusal { _ = try CrateDescription(reading: crate, ownIndex: "h") }.contains("more values")
    )
    let name = try #require(NpmName("a"))
    let manifest = #"{"name":"a","version":"1.0.0","x":"#.bytes + wide + "}".bytes
    let document = try JSONMembers(of: #"{"versions":{"1.0.0":"#.bytes + manifest + "}}".bytes)
    #expect(refusal { _ = try NpmPublication(document, of: name) }.contains("more values"))
    var archive = NpmArchive()
    let tar = TestTar().adding("p/package.json", manifest)
    try archive.feed(tar.gzipped)
    #expect(refusal { _ = try archive.finish() }.contains("more values"))
  }

  @Test func `only what comes without attachments may be long`() throws {
    let readme = [UInt8](repeating: UInt8(ascii: "x"), count: 10_000)
    let attachment = #","_attachments":{"a":{"data":""#.bytes
    var deprecation = NpmUploadReader()
    deprecation.longestPublication = readme.count
    _ = try deprecation.feed(#"{"readme":""#.bytes + readme + #""}"#.bytes)
    #expect(try deprecation.finish().count > readme.count)
    var before = NpmUploadReader()
    before.longestPublication = readme.count
    #expect(
      refusal { _ = try before.feed(#"{"readme":""#.bytes + readme + "\"".bytes + attachment) }
        .contains("without attachments")
    )
    var after = NpmUploadReader()
    after.longestPublication = readme.count
    _ = try after.feed("{".bytes + attachment.dropFirst() + #""}},"readme":""#.bytes)
    #expect(refusal { _ = try after.feed(readme) }.contains("without attachments"))
  }

  @Test func `a packument of twenty thousand versions is read`() throws {
    let manifest = #"{"name":"a","version":"1","dist":{"shasum":"0","tarball":"h"},"x":[1,2]}"#
    let versions = (0..<20_000).map { #""1.0.\#($0)":\#(manifest)"# }.joined(separator: ",")
    let times = (0..<20_000).map { #""1.0.\#($0)":"2026-01-01T00:00:00Z""# }.joined(separator: ",")
    let text = #"{"name":"a","time":{\#(times)},"versions":{\#(versions)}}"#
    let document = try JSONMembers(of: text.bytes)
    #expect(try document.read("time")?.members?.count == 20_000)
    #expect(try document.members(of: "versions")?.all.count == 20_000)
  }

  @Test func `an object of more members than any document has is refused`() throws {
    let text = "{".bytes + repeated(#""":0,"#.bytes, JSONOutline.mostNodes) + #""":0}"#.bytes
    #expect(refusal { _ = try JSONMembers(of: text) }.contains("too many members"))
  }

  private func gem(_ dependencies: String, _ head: String = "") throws -> GemSpecification {
    let text = "name: a\nversion: '1'\n\(head)dependencies:\n\(dependencies)"
    return try GemSpecification(reading: text.bytes)
  }

  @Test func `a quoted text and a bracket over many lines are read once`() throws {
    // Each line asked for all lines before it to be read again: 4 TB of text.
    for lines in [repeated("a\n".bytes, 400_000), repeated("\\\\\\\n".bytes, 200_000)] {
      let quoted = "a: \"".bytes + lines + "\"\n".bytes
      let value = try YAMLReader.read(quoted)
      #expect(value["a"]?.text?.isEmpty == false)
    }
    let bracket = "a: [".bytes + repeated("b,\n".bytes, 200_000) + "]\n".bytes
    let value = try YAMLReader.read(bracket)
    #expect(value["a"]?.items?.count == 200_000)
    let endless = "a: '".bytes + repeated(repeated("b".bytes, 80) + "\n".bytes, 20_000)
    #expect(refusal { _ = try YAMLReader.read(endless) }.contains("quoted text too long"))
  }

  @Test func `values in brackets are counted, and so are lines`() {
    let items = repeated("a,".bytes, YAMLReader.mostValues / 2)
    let wide = "a: [".bytes + items + "]\nb: [".bytes + items + "]\n".bytes
    #expect(refusal { _ = try YAMLReader.read(wide) }.contains("too many values"))
    let tall = repeated("\n".bytes, YAMLReader.mostLines)
    #expect(refusal { _ = try YAMLReader.read(tall) }.contains("lines"))
  }

  @Test func `a gem's aliases do not multiply its conditions`() throws {
    func list(_ count: Int) -> String {
      "x: &x\n  requirements:\n" + String(repeating: "  - ['>=', '1']\n", count: count)
    }
    func dependencies(_ count: Int) -> String {
      String(repeating: "- name: c\n  requirement: *x\n", count: count)
    }
    #expect(try gem(dependencies(50), list(100)).dependencies.count == 50)
    #expect(refusal { _ = try gem(dependencies(1), list(101)) }.contains("not understood"))
    #expect(refusal { _ = try gem(dependencies(101), list(100)) }.contains("conditions"))
    #expect(refusal { _ = try gem(dependencies(2001), list(1)) }.contains("2000 dependencies"))
  }

  @Test func `a gem's texts are cut by what they are made of`() throws {
    let mark = String(repeating: "e\u{301}\u{301}\u{301}", count: 20_000)
    let spec = try gem(
      "",
      "summary: \(mark)\nrubygems_version: '\(String(repeating: "1", count: 9000))'\n"
    )
    #expect(spec.summary.utf8.count < 20_000)
    #expect(spec.writer.utf8.count < 100)
  }

  @Test func `a POM's values are bounded for the whole of it`() throws {
    let value = String(repeating: "v", count: 4000)
    let uses = String(repeating: "${p}", count: 100)
    let dependency = "<dependency><artifactId>\(uses)</artifactId></dependency>"
    let text =
      "<project><name>a</name><version>7</version><properties><p>\(value)</p></properties>"
      + "<dependencies>\(String(repeating: dependency, count: 3000))</dependencies>"
      + "<url>${version}</url></project>"
    let project = try ProjectObjectModel(reading: text.bytes)
    #expect(project.dependencies.count == 3000)
    #expect(project.dependencies.reduce(0) { $0 + $1.artifact.utf8.count } < 4 << 20)
    #expect(project.dependencies[0].artifact.utf8.count == 400_000)
    #expect(project.homePage == "7")
  }

  @Test func `what a POM manages is shared up to a bound`() throws {
    let managed = String(repeating: "9", count: 500_000)
    let name = "<groupId>g</groupId><artifactId>a</artifactId>"
    let text =
      "<project><dependencyManagement><dependencies><dependency>\(name)<version>\(managed)"
      + "</version></dependency></dependencies></dependencyManagement><dependencies>"
      + String(repeating: "<dependency>\(name)</dependency>", count: 10_000)
      + "</dependencies></project>"
    let project = try ProjectObjectModel(reading: text.bytes)
    let byteCount = project.dependencies.reduce(0) { $0 + ($1.version ?? "").utf8.count }
    #expect(500_000...1 << 20 ~= byteCount)
    let many = String(repeating: "<dependency>\(name)</dependency>", count: 20_001)
    #expect(
      refusal {
        let text = "<project><dependencies>\(many)</dependencies></project>"
        _ = try ProjectObjectModel(reading: text.bytes)
      }.contains("20000 dependencies")
    )
  }
}
