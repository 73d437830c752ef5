import FormatRules
import Testing

@Suite("npm upload bodies")
struct NpmUploadTests {
  private struct Outcome: Equatable {
    var names: [String] = []
    var bytes: [[UInt8]] = []
    var counts: [UInt64] = []
    var document: [UInt8] = []
  }

  private func read(_ text: String, pieces: Int) throws -> Outcome {
    var reader = NpmUploadReader()
    var outcome = Outcome()
    for piece in text.bytes.pieces(of: pieces) {
      for event in try reader.feed(piece) {
        switch event {
        case .beginAttachment(let name):
          outcome.names.append(name)
          outcome.bytes.append([])
        case .content(let bytes): outcome.bytes[outcome.bytes.count - 1] += bytes
        case .endAttachment(let count): outcome.counts.append(count)
        }
      }
    }
    outcome.document = try reader.finish()
    return outcome
  }

  /// Berry writes attachments first, npm last.
  @Test(arguments: [1, 2, 3, 7, 1000])
  func `attachments come out in any order and any pieces`(pieces: Int) throws {
    let text = #"""
      {"_attachments" : {"@a/w-1.0.0.tgz":{"content_type":"x","data":"aGVsbG8gd29ybGQ=","length":11},
       "a\u002e.sigstore":{"data":"e\/==","length":1}},
       "name":"@a/w","readme":"\"_attachments\":{\"x\":{\"data\":\"eA==\"}}",
       "versions":{"1.0.0":{"data":"eA==","_attachments":{"x":{"data":"eA=="}}}}}
      """#
    let outcome = try read(text, pieces: pieces)
    #expect(outcome.names == ["@a/w-1.0.0.tgz", "a..sigstore"])
    #expect(outcome.bytes == ["hello world".bytes, [0x7B]])
    #expect(outcome.counts == [11, 1])
    let document = try JSONReader.read(outcome.document)
    #expect(document["_attachments"]?["@a/w-1.0.0.tgz"]?["data"]?.string == "")
    #expect(document["_attachments"]?["@a/w-1.0.0.tgz"]?["length"]?.natural == 11)
    #expect(document["versions"]?["1.0.0"]?["data"]?.string == "eA==")
    #expect(document["readme"]?.string?.contains("eA==") == true)
  }

  @Test(arguments: [
    #"{"_attachments":{"x":{"data":"@@@@"}}}"#, #"{"_attachments":{"x":{"data":"YQ"}}}"#,
    #"{"_attachments":{"x":{"data":"YQ=Q"}}}"#, #"{"_attachments":{"x":{"data":"YQ==="}}}"#,
    #"{"_attachments":{"x":{"data":"Y\u0051=="}}}"#,
    #"{"_attachments":{"x":{"data":"YQ==","data":"YQ=="}}}"#,
    #"{"_attachments":{"x":{"data":"YQ=="#, "", "{", "}", #"{"a":[}"#,
    String(repeating: "[", count: 100),
  ])
  func `broken bodies are refused`(text: String) {
    #expect(throws: MalformedInput.self) { _ = try read(text, pieces: 3) }
  }

  private func publication(
    _ text: String,
    _ name: String = "widget"
  ) throws -> NpmPublication {
    try NpmPublication(try JSONMembers(of: text.bytes), of: try #require(NpmName(name)))
  }

  @Test func `a publish document says version, tags and readme`() throws {
    let publication = try publication(
      #"""
      {"_id":"widget","name":"widget","readme":"R","dist-tags":{"beta":"1.0.0","latest":"0.9.0"},
       "versions":{"v1.0.0+build":{"name":"widget","version":"1.0.0"}},
       "_attachments":{"widget-1.0.0.tgz":{"data":"","length":3}}}
      """#
    )
    #expect(publication.version == "1.0.0")
    #expect(publication.tags == ["beta"])
    #expect(publication.readme == "R")
    #expect(publication.attachments.map(\.byteCount) == [3])
  }

  @Test(arguments: [
    #"{"name":"other","versions":{"1.0.0":{"name":"widget","version":"1.0.0"}}}"#,
    #"{"_id":"other","versions":{"1.0.0":{"name":"widget","version":"1.0.0"}}}"#,
    #"{"name":"widget","versions":{}}"#, #"{"name":"widget"}"#,
    #"{"versions":{"1.0.0":{"name":"widget","version":"1.0.0"},"1.0.1":{}}}"#,
    #"{"versions":{"1.0":{"name":"widget","version":"1.0"}}}"#,
    #"{"versions":{"1.0.0":{"name":"gadget","version":"1.0.0"}}}"#,
    #"{"versions":{"1.0.0":{"name":"widget","version":"1.0.1"}}}"#,
    #"{"versions":{"1.0.0":{"name":"widget"}}}"#, #"{"versions":{"1.0.0":[]}}"#,
    #"{"dist-tags":{"2.x":"1.0.0"},"versions":{"1.0.0":{"name":"widget","version":"1.0.0"}}}"#,
  ])
  func `a document that contradicts itself is refused`(text: String) {
    #expect(throws: MalformedInput.self) { _ = try publication(text) }
  }

  @Test func `of a document sent back only what it is for is read`() throws {
    let text = #"""
      {"_id":"widget","versions":{"1.0.0":{"deprecated":"old","dist":{}},"1.1.0":{"deprecated":""},
       "1.2.0":{}},"users":{"alice":true},"maintainers":[{"name":"a"}],"dist-tags":{"latest":"1.1.0"}}
      """#
    let change = try NpmChange(try JSONMembers(of: text.bytes), of: try #require(NpmName("widget")))
    #expect(change.deprecations == ["1.0.0": "old", "1.1.0": nil, "1.2.0": nil])
    #expect(change.users?["alice"] == .bool(true))
    #expect(change.maintainers?.array?.count == 1)
    #expect(change.tags == ["latest": "1.1.0"])
    let star = #"{"_id":"widget","_rev":"1","users":{"bob":true}}"#
    let small = try NpmChange(try JSONMembers(of: star.bytes), of: try #require(NpmName("widget")))
    #expect(small.deprecations == nil)
    #expect(small.maintainers == nil)
    #expect(throws: MalformedInput.self) {
      _ = try NpmChange(try JSONMembers(of: text.bytes), of: try #require(NpmName("gadget")))
    }
  }

  @Test func `members are found without reading values`() throws {
    let members = try JSONMembers(
      of: #" { "a" : [1,{"b":"]}"}] , "c":"x\"}","n":-1.5e3 ,"o":{"p":{}},"a":true } "#.bytes
    )
    #expect(members.all.map(\.name) == ["a", "c", "n", "o", "a"])
    #expect(try members.read("a") == .bool(true))
    #expect(try members.read("c")?.string == "x\"}")
    #expect(try members.read("n") == .number("-1.5e3"))
    #expect(try members.members(of: "o")?.all.map(\.name) == ["p"])
    #expect(try members.members(of: "a") == nil)
    for broken in [
      "", "[]", "{\"a\"}", "{\"a\":}", "{\"a\":1", "{\"a\":1,}", "{\"a\":\"\\", "{a:1}",
    ] {
      #expect(throws: MalformedInput.self, "\(broken)") { _ = try JSONMembers(of: broken.bytes) }
    }
  }

  @Test func `damaged bodies and packuments are refused or read, and nothing else`() throws {
    let seed = UInt64.random(in: 1 ... .max)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let name = try #require(NpmPackumentTests.name)
    let sample = NpmPackumentTests.upstream.bytes
    var refusals = 0
    for _ in 0..<600 {
      var bytes = sample
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[place] = .random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: bytes[place...].prefix(9), at: place)
        default: bytes.removeSubrange(place...)
        }
        if bytes.isEmpty { bytes = [0x7B] }
      }
      do {
        var reader = NpmUploadReader()
        for piece in bytes.pieces(of: 333) { _ = try reader.feed(piece) }
        let kept = try reader.finish()
        if let listing = try PackageListing(npmPackument: kept, of: name, at: "https://r.test/") {
          let document = NpmPackument(listing, of: name, root: "http://h").renderFull()
          _ = try JSONReader.read(document)
        }
        _ = try NpmChange(try JSONMembers(of: kept), of: name)
      } catch {
        refusals += 1
      }
    }
    #expect(refusals > 0)
  }
}

@Suite("npm searches and audits")
struct NpmQueryTests {
  private let names = ["left-pad", "pad", "padding", "@acme/pad", "unrelated"].compactMap {
    NpmName($0)
  }

  private func search(_ query: [(String, String)]) -> NpmSearch {
    NpmSearch(query: query.map { (name: $0.0, value: $0.1) })
  }

  @Test func `the closest name comes first`() {
    let found = search([("text", "pad")]).matches(names).map(\.text)
    #expect(found == ["@acme/pad", "pad", "padding", "left-pad"])
    #expect(search([("text", "left PAD")]).matches(names).map(\.text) == ["left-pad"])
    #expect(search([("text", "pad scope:acme")]).matches(names).map(\.text) == ["@acme/pad"])
    #expect(search([("text", "")]).matches(names).count == 5)
  }

  @Test func `sizes have bounds`() {
    #expect(search([]).size == 20)
    #expect(search([("size", "9999"), ("from", "-3")]).size == 250)
    #expect(search([("size", "x"), ("from", "-3")]).from == 0)
  }

  @Test func `an audit that knows nothing says how much was looked at`() throws {
    let request =
      #"{"requires":{},"dependencies":{"a":{"version":"1","dependencies":{"b":{}}},"c":{}}}"#.bytes
    let report = try JSONReader.read(NpmAudit.emptyReport(of: request))
    #expect(report["metadata"]?["totalDependencies"]?.natural == 3)
    #expect(report["metadata"]?["vulnerabilities"]?["critical"]?.natural == 0)
    #expect(report["advisories"] == .object([]))
  }

  @Test func `an audit may be compressed`() throws {
    // `{}` as one stored block.
    let gzip: [UInt8] = [
      0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 0, 0xFD, 0xFF, 0x7B, 0x7D, 0x43, 0xBF, 0xA6, 0xA3,
      2,
      0, 0, 0,
    ]
    #expect(try NpmAudit.unpack("{}".bytes) == "{}".bytes)
    let unpacked = try NpmAudit.unpack(gzip)
    #expect(unpacked == "{}".bytes)
    #expect(throws: MalformedInput.self) { _ = try NpmAudit.unpack(Array(gzip.dropLast(9))) }
  }

  @Test func `a bundle becomes an attestation`() throws {
    // The payload is {"predicateType":"https://slsa.dev/provenance/v1"}.
    let bundle = #"""
      {"mediaType":"m","dsseEnvelope":{"payload":"eyJwcmVkaWNhdGVUeXBlIjoiaHR0cHM6Ly9zbHNhLmRldi9wcm92ZW5hbmNlL3YxIn0="}}
      """#.bytes
    let document = try JSONReader.read(try NpmAttestations.document(of: bundle))
    let first = document["attestations"]?.array?.first
    #expect(first?["predicateType"]?.string == "https://slsa.dev/provenance/v1")
    #expect(first?["bundle"]?["mediaType"]?.string == "m")
    #expect(throws: MalformedInput.self) { _ = try NpmAttestations.summary(of: "{}".bytes) }
  }
}
