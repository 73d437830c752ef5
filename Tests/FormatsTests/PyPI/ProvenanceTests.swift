import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

@testable import Formats

@Suite("Provenance of distribution files")
struct ProvenanceTests {
  private static let json = "application/vnd.pypi.simple.v1+json"
  private static let address = "simple/demo-pkg/1.0.0/\(TestForm.wheelName)"
  private static let source = "https://index.test/integrity/demo-pkg/provenance"
  private static let document = #"{"version":1,"attestation_bundles":[{"publisher":{}}]}"#

  /// A house that reaches an index whose one file has provenance at ``source``.
  private func withIndex(_ body: (TestHouse) async throws -> Void) async throws {
    try await TestHouse.run { house in
      _ = try await house.depot.associateExternalConnection("public:pypi", with: TestHouse.path)
      house.external.setFile("https://files.test/w.whl", try Archive.bytes("deflated.whl"))
      house.external.setPage(
        "demo-pkg",
        json: """
          {"meta":{"api-version":"1.3"},"name":"demo-pkg","files":[{"filename":\
          "\(TestForm.wheelName)","url":"https://files.test/w.whl",\
          "hashes":{"sha256":"\(TestForm.wheelSHA256)"},"provenance":"\(Self.source)"}]}
          """
      )
      house.external.setDocument(Self.source, Self.document)
      try await body(house)
    }
  }

  private func announced(_ house: TestHouse, base: String) async throws -> String? {
    let reply = await house.send(.get, "simple/demo-pkg/", [.accept: Self.json], base: base)
    return try JSONReader.read(try await house.bytes(reply))["files"]?.array?.first?["provenance"]?
      .string
  }

  @Test func `its address is whole, and ours, whichever way the client came`() async throws {
    try await withIndex { house in
      for base in ["http://h:1", "https://other.test/prefix"] {
        let address = "\(base)\(TestHouse.root)\(Self.address).provenance"
        #expect(try await announced(house, base: base) == address)
        let html = try await house.text(await house.send(.get, "simple/demo-pkg/", base: base))
        #expect(html.contains("data-provenance=\"\(address)\""))
      }
    }
  }

  @Test func `it is announced still when the file is here`() async throws {
    try await withIndex { house in
      _ = try await house.bytes(await house.send(.get, Self.address))
      let address = "http://h:1\(TestHouse.root)\(Self.address).provenance"
      #expect(try await announced(house, base: "http://h:1") == address)
    }
  }

  @Test func `it comes as the index has it, and when nobody answers`() async throws {
    try await withIndex { house in
      for isDown in [false, true] {
        if isDown { house.external.goDown() }
        let reply = await house.send(.get, Self.address + ".provenance")
        #expect(reply.status == .ok)
        #expect(try await house.text(reply) == Self.document)
        let tag = try #require(reply.headers[.eTag])
        let again = await house.send(
          .get,
          Self.address + ".provenance",
          [.ifNoneMatch: tag]
        )
        #expect(again.status == .notModified)
      }
    }
  }

  @Test func `what is attested later is seen once it has aged`() async throws {
    try await withIndex { house in
      _ = await house.send(.get, Self.address + ".provenance")
      let later = #"{"version":1,"attestation_bundles":[]}"#
      house.external.setDocument(Self.source, later)
      house.clock.advance(by: .seconds(7_200))
      let reply = await house.send(.get, Self.address + ".provenance")
      let text = try await house.text(reply)
      #expect(text == later)
    }
  }

  @Test(arguments: ["<html>Log in first</html>", #"{"version":2}"#, #"{"version":1}"#, "[]"])
  func `what is no provenance is not passed on as some`(text: String) async throws {
    try await withIndex { house in
      house.external.setDocument(Self.source, text)
      let reply = await house.send(.get, Self.address + ".provenance")
      #expect(reply.status == .serviceUnavailable)
    }
  }

  @Test(arguments: [
    "simple/demo-pkg/1.0.1/\(TestForm.wheelName).provenance",
    "simple/other/1.0.0/\(TestForm.wheelName).provenance",
    "simple/demo-pkg/1.0.0/demo_pkg-1.0.0.tar.gz.provenance",
  ])
  func `other files have none`(address: String) async throws {
    try await withIndex { house in
      #expect(await house.send(.get, address).status == .notFound)
    }
  }

  @Test func `a file published here has none`() async throws {
    try await TestHouse.run { house in
      try await house.publish(.wheel())
      #expect(try await announced(house, base: "http://h:1") == nil)
      #expect(await house.send(.get, Self.address + ".provenance").status == .notFound)
    }
  }
}
