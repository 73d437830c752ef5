import ArchiveSamples
import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

@testable import Formats

/// What documents cost, counted in listings and rows that are read.
@Suite("The cost of NuGet's documents")
struct NuGetCostTests {
  private static let address = "https://gallery.test/v3/index.json"
  private static let count = 300

  private func offer(_ count: Int, at gallery: ScriptedSource) {
    gallery[Self.address] = """
      {"resources":[{"@id":"https://gallery.test/reg/","@type":"RegistrationsBaseUrl/3.6.0"}]}
      """
    let leaves = (0..<count).map { number in
      #"{"packageContent":"https://files.test/\#(number)","catalogEntry":{"id":"Big","version":"#
        + #""1.\#(number).0","listed":true}}"#
    }
    gallery["https://gallery.test/reg/big/index.json"] =
      #"{"items":[{"items":[\#(leaves.joined(separator: ","))]}]}"#
  }

  private func get(_ path: String, _ headers: HTTPFields = [:]) -> Request {
    Request(
      method: .get,
      target: Target(path),
      headers: headers,
      body: .empty,
      base: "http://h:1",
      trail: CallTrail()
    )
  }

  @Test func `a client's first look at a registration reads the listing once`() async throws {
    try await NuGetHouse.run { house async throws in
      offer(Self.count, at: house.gallery)
      let addresses = NuGetAddresses(root: "http://h:1/nuget/d/my-domain-123456789012/team")
      let documents = NuGetDocuments(
        packages: NuGetPackages(depot: house.depot),
        documents: RenderedDocuments()
      )
      let path = NuGetHouse.path("team")
      var wanted: [NuGetRoute.Document] = [.index("big")]
      for first in stride(from: 0, to: Self.count, by: 64) {
        let last = min(first + 64, Self.count) - 1
        wanted.append(.page("big", lower: "1.\(first).0", upper: "1.\(last).0"))
      }
      wanted += (0..<Self.count).map { .leaf("big", version: "1.\($0).0") }
      var tags: [String?] = []
      for document in wanted {
        let reply = try await documents.registration(
          document,
          .semVer2,
          get("/x"),
          addresses,
          in: path
        )
        #expect(reply.status == .ok, "\(document)")
        tags.append(reply.headers[.eTag])
      }
      for (document, tag) in zip(wanted, tags) {
        let request = get("/x", [.ifNoneMatch: try #require(tag)])
        let reply = try await documents.registration(
          document,
          .semVer2,
          request,
          addresses,
          in: path
        )
        #expect(reply.status == .notModified)
      }
      for document: NuGetRoute.Document in [
        .page("big", lower: "1.0.0", upper: "1.62.0"), .leaf("big", version: "2.0.0"),
        .leaf("big", version: "x"),
      ] {
        let reply = try await documents.registration(
          document,
          .semVer2,
          get("/x"),
          addresses,
          in: path
        )
        #expect(reply.status == .notFound, "\(document)")
      }
      #expect(documents.listings.readCount == 1)
    }
  }

  @Test func `documents in memory are sent without reading the listing`() async throws {
    try await NuGetHouse.run { house async throws in
      offer(3, at: house.gallery)
      let addresses = NuGetAddresses(root: "http://h:1/nuget/d/my-domain-123456789012/team")
      let rendered = RenderedDocuments()
      let leaf = NuGetRoute.Document.leaf("big", version: "1.1.0")
      for readCount in [1, 0, 0] {
        // Nothing is left in memory but what was written.
        let documents = NuGetDocuments(
          packages: NuGetPackages(depot: house.depot),
          documents: rendered
        )
        let reply = try await documents.registration(
          leaf,
          .semVer2,
          get("/x"),
          addresses,
          in: NuGetHouse.path("team")
        )
        #expect(reply.status == .ok)
        #expect(documents.listings.readCount == readCount)
      }
    }
  }

  private func push(_ id: String, to house: NuGetHouse) async -> HTTPResponse.Status {
    let metadata = "<id>\(id)</id><version>1.0.0</version><description>d</description>"
    let archive = TestZip([
      ("\(id).nuspec", "<package><metadata>\(metadata)</metadata></package>")
    ]).bytes
    let head = "--b\r\nContent-Disposition: form-data; name=package; filename=p\r\n\r\n"
    return await house.send(
      .put,
      "v3/package/",
      [.contentType: "multipart/form-data; boundary=b"],
      body: Array(head.utf8) + archive + Array("\r\n--b--\r\n".utf8)
    ).status
  }

  @Test func `all packages are read again after a change, and after a minute`() async throws {
    try await NuGetHouse.run { house async throws in
      #expect(await push("Acme.One", to: house) == .created)
      let packages = NuGetPackages(depot: house.depot)
      let path = NuGetHouse.path("team")
      for _ in 0..<3 { #expect(try await packages.all(semVer2: true, in: path).count == 1) }
      #expect(packages.collections.readCount == 1)
      #expect(await push("Acme.Two", to: house) == .created)
      for _ in 0..<3 { #expect(try await packages.all(semVer2: true, in: path).count == 2) }
      #expect(packages.collections.readCount == 2)
      house.clock.advance(by: .seconds(61))
      for _ in 0..<3 { #expect(try await packages.all(semVer2: true, in: path).count == 2) }
      #expect(packages.collections.readCount == 3)
      #expect(try await packages.all(semVer2: false, in: path).count == 2)
      #expect(packages.collections.readCount == 4)
    }
  }

  @Test(arguments: ["v3/query?q=acme", "v3/autocomplete?q=acme", "api/v2/Packages()"])
  func `a search reads what is held once for each change`(path: String) async throws {
    try await NuGetHouse.run { house async throws in
      for number in 0..<10 { #expect(await push("Acme.N\(number)", to: house) == .created) }
      let first = try #require(try await house.text(path))
      #expect(first.contains("Acme.N9"))
      let rows = house.depot.catalog.rowsRead
      #expect(try await house.text(path) == first)
      #expect(house.depot.catalog.rowsRead == rows)
      #expect(await push("Acme.New", to: house) == .created)
      #expect(try await house.text(path)?.contains("Acme.New") == true)
      house.clock.advance(by: .seconds(61))
      #expect(try await house.text(path)?.contains("Acme.New") == true)
    }
  }
}
