import ArchiveSamples
import Bytes
import Catalog
import Exchange
import Foundation
import HTTPTypes
import Repository
import Testing

@Suite("The Swift package registry")
struct SwiftRegistryTests {
  private static let root = "/swift/d/my-domain-123456789012/tools"
  private static let contentVersion = HTTPField.Name("Content-Version") ?? .contentType
  private static let link = HTTPField.Name("Link") ?? .location

  private func get(
    _ house: TestHouse,
    _ path: String,
    accept: String = "application/vnd.swift.registry.v1+json"
  ) async -> Reply {
    let reply = await house.send(.get, "\(Self.root)/\(path)", [.accept: accept])
    #expect(reply.headers[Self.contentVersion] == "1", "\(path)")
    return reply
  }

  private func put(
    _ house: TestHouse,
    _ path: String,
    _ form: SwiftForm = SwiftForm(),
    signatureFormat: String? = nil
  ) async -> Reply {
    var headers: HTTPFields = [.contentType: form.contentType]
    if let name = HTTPField.Name("X-Swift-Package-Signature-Format") {
      headers[name] = signatureFormat
    }
    let reply = await house.send(
      .put,
      "\(Self.root)/\(path)",
      headers,
      body: RequestBody(pieces: form.body, of: 100)
    )
    #expect(reply.headers[Self.contentVersion] == "1", "\(path)")
    return reply
  }

  private func json(_ house: TestHouse, _ reply: Reply) async throws -> NSDictionary {
    let bytes = try await house.bytes(reply)
    return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? NSDictionary)
  }

  @Test func `what is published is listed, described and fetched`() async throws {
    try await TestHouse.run { house in
      for version in ["1.0.0", "1.1.0-beta.1"] {
        let reply = await put(house, "Mona/Demo/\(version)")
        let text = try await house.text(reply)
        #expect(reply.status == .created, "\(text)")
        #expect(reply.headers[.location] == "http://h:1\(Self.root)/mona/demo/\(version)")
      }
      let list = await get(house, "mona/DEMO")
      #expect(list.headers[.contentType] == "application/json")
      #expect(
        list.headers[Self.link] == "<http://h:1\(Self.root)/mona/demo/1.0.0>; "
          + "rel=\"latest-version\", <https://git.test/mona/Demo.git>; rel=\"canonical\""
      )
      let releases = try await json(house, list)["releases"] as? [String: [String: String]]
      #expect(
        releases == [
          "1.0.0": ["url": "http://h:1\(Self.root)/mona/demo/1.0.0"],
          "1.1.0-beta.1": ["url": "http://h:1\(Self.root)/mona/demo/1.1.0-beta.1"],
        ]
      )
      let information = await get(house, "mona/demo/1.0.0.json")
      let described = try await json(house, information)
      #expect(described["id"] as? String == "Mona.Demo")
      #expect(described["publishedAt"] as? String == "2023-11-14T22:13:20Z")
      let resource = try #require((described["resources"] as? [[String: String]])?.first)
      let archive = await get(house, "mona/demo/1.0.0.zip", accept: "*/*")
      let bytes = try await house.bytes(archive)
      #expect(bytes == SwiftForm().archive)
      #expect(archive.headers[.contentType] == "application/zip")
      let digest = try #require(Hexadecimal.decode(resource["checksum"] ?? ""))
      #expect(
        archive.headers[HTTPField.Name("Digest") ?? .eTag]
          == "sha-256=\(Data(digest).base64EncodedString())"
      )
      let beta = await get(house, "mona/demo/1.1.0-beta.1")
      #expect(beta.headers[Self.link]?.contains("predecessor-version") == true)
      let again = await house.send(
        .get,
        "\(Self.root)/mona/demo",
        [.ifNoneMatch: list.headers[.eTag] ?? ""]
      )
      #expect(again.status == .notModified)
    }
  }

  @Test func `manifests by tools version`() async throws {
    try await TestHouse.run { house in
      _ = await put(house, "mona/demo/1.0.0")
      let path = "mona/demo/1.0.0/Package.swift"
      let main = await get(house, path, accept: "application/vnd.swift.registry.v1+swift")
      let got = try await house.text(main)
      #expect(got == SwiftForm.manifest)
      #expect(main.headers[.contentType] == "text/x-swift")
      let address = "http://h:1\(Self.root)/\(path)"
      #expect(
        main.headers[Self.link] == "<\(address)?swift-version=6.0>; rel=\"alternate\"; "
          + "filename=\"Package@swift-6.swift\"; swift-tools-version=\"6.1\""
      )
      for version in ["6", "6.0.0", "6.1.0", "6.1"] {
        let newer = await get(house, "\(path)?swift-version=\(version)", accept: "*/*")
        let got = try await house.text(newer)
        #expect(got == SwiftForm.newer, "\(version)")
      }
      for version in ["5.5", "7.0", "x", ""] {
        let other = await get(house, "\(path)?swift-version=\(version)", accept: "*/*")
        #expect(other.status == .seeOther)
        #expect(other.headers[.location] == address)
      }
    }
  }

  @Test func `a release never changes, not even to itself`() async throws {
    try await TestHouse.run { house in
      _ = await put(house, "mona/demo/1.0.0")
      for form in [SwiftForm(), SwiftForm([("demo/x", "other")])] {
        let reply = await put(house, "MONA/Demo/1.0.0", form)
        #expect(reply.status == .conflict)
        #expect(reply.headers[.contentType] == "application/problem+json")
        let problem = try await json(house, reply)
        #expect((problem["detail"] as? String)?.contains("exists already") == true)
      }
    }
  }

  @Test func `parts in base 64 are decoded, as the compatibility suite sends them`() async throws {
    try await TestHouse.run { house in
      var form = SwiftForm()
      form.isBase64 = true
      #expect(await put(house, "mona/demo/1.0.0", form).status == .created)
      let archive = await get(house, "mona/demo/1.0.0.zip", accept: "*/*")
      let got = try await house.bytes(archive)
      #expect(got == form.archive)
    }
  }

  @Test func `a signature comes back with the release and beside the archive`() async throws {
    try await TestHouse.run { house in
      var form = SwiftForm()
      form.signature = [1, 2, 3]
      #expect(await put(house, "m/d/1.0.0", form).status == .unprocessableContent)
      #expect(
        await put(house, "m/d/1.0.0", form, signatureFormat: "x").status == .unprocessableContent
      )
      #expect(
        await put(house, "m/d/1.0.0", SwiftForm(), signatureFormat: "cms-1.0.0").status
          == .unprocessableContent
      )
      #expect(
        await put(house, "m/d/1.0.0", form, signatureFormat: "cms-1.0.0").status == .created
      )
      let text = try await house.text(await get(house, "m/d/1.0.0"))
      #expect(
        text.contains(
          #""signing":{"signatureBase64Encoded":"AQID","signatureFormat":"cms-1.0.0"}"#
        )
      )
      let archive = await get(house, "m/d/1.0.0.zip", accept: "*/*")
      #expect(archive.headers[HTTPField.Name("X-Swift-Package-Signature") ?? .eTag] == "AQID")
    }
  }

  @Test func `what is no publication is refused with a detail`() async throws {
    try await TestHouse.run { house in
      var withoutArchive = SwiftForm()
      withoutArchive.archive = nil
      var withoutManifest = SwiftForm()
      withoutManifest.archive = TestZip([("demo/x", "")]).bytes
      var brokenMetadata = SwiftForm()
      brokenMetadata.metadata = #"{"description":5}"#
      var noZip = SwiftForm()
      noZip.archive = Array("no zip".utf8)
      for (form, word) in [
        (withoutArchive, "source-archive"), (withoutManifest, "Package.swift"),
        (brokenMetadata, "description"), (noZip, "zip"),
      ] {
        let reply = await put(house, "mona/demo/1.0.0", form)
        #expect(reply.status == .unprocessableContent)
        let detail = try await json(house, reply)["detail"] as? String
        #expect(detail?.contains(word) == true, "\(detail ?? "")")
      }
      #expect(await put(house, "mona/demo/1.0").status == .badRequest)
      for path in [
        "a--b/demo/1.0.0", "mona/__proto__/1.0.0", "mona/a%2Fb/1.0.0", "mona/%2e%2e/1.0.0",
      ] {
        #expect(await put(house, path).status == .notFound, "\(path)")
      }
      let list = await get(house, "mona/demo")
      #expect(list.status == .notFound)
      #expect(list.headers[.contentType] == "application/problem+json")
    }
  }

  @Test func `an unlisted release has a problem in the list, and can still be had`() async throws {
    try await TestHouse.run { house in
      for version in ["1.0.0", "1.1.0"] { _ = await put(house, "mona/demo/\(version)") }
      let coordinates = PackageCoordinates(format: .swift, namespace: "mona", name: "demo")
      _ = try await house.depot.amendVersion("1.1.0", of: coordinates, in: TestHouse.path) {
        $0.status = .unlisted
      }
      let list = await get(house, "mona/demo")
      #expect(list.headers[Self.link]?.contains("/1.0.0>; rel=\"latest-version\"") == true)
      #expect(try await house.text(list).contains(#""problem":{"status":410"#))
      #expect(await get(house, "mona/demo/1.1.0").status == .ok)
      #expect(await get(house, "mona/demo/1.1.0.zip", accept: "*/*").status == .ok)
    }
  }

  @Test func `identifiers by address`() async throws {
    try await TestHouse.run { house in
      _ = await put(house, "Mona/Demo/1.0.0")
      for address in [
        "https://git.test/mona/demo.git", "git@GIT.test:mona/Demo",
        "https%3A%2F%2Fgit.test%2Fmona%2FDemo",
      ] {
        let reply = await get(house, "identifiers?url=\(address)")
        let got = try await house.text(reply)
        #expect(got == #"{"identifiers":["Mona.Demo"]}"#)
      }
      #expect(await get(house, "identifiers?url=https://git.test/other").status == .notFound)
      let rows = house.depot.catalog.rowsRead
      _ = await get(house, "identifiers?url=https://git.test/mona/demo")
      #expect(house.depot.catalog.rowsRead == rows)
      var other = SwiftForm()
      other.metadata = #"{"repositoryURLs":["https://git.test/other"]}"#
      #expect(await put(house, "mona/other/1.0.0", other).status == .created)
      #expect(await get(house, "identifiers?url=https://git.test/other").status == .ok)
      #expect(await get(house, "identifiers").status == .badRequest)
    }
  }

  @Test func `login takes a token at each address that clients derive`() async throws {
    try await TestHouse.run { house in
      for path in ["", "/", "/login", "/login/"] {
        let good = await house.send(.post, Self.root + path)
        #expect(good.status == .ok, "\(path)")
        let bad = await house.send(.post, Self.root + path, authorization: "Bearer wrong")
        #expect(bad.status == .unauthorized)
        #expect(bad.headers[Self.contentVersion] == "1")
        #expect(bad.headers[.contentType] == "application/problem+json")
      }
      #expect(await get(house, "availability").status == .ok)
    }
  }

  @Test func `other media types, versions and methods are told so`() async throws {
    try await TestHouse.run { house in
      _ = await put(house, "mona/demo/1.0.0")
      let v2 = await get(house, "mona/demo", accept: "application/vnd.swift.registry.v2+json")
      #expect(v2.status == .badRequest)
      let zip = await get(house, "mona/demo", accept: "application/vnd.swift.registry.v1+zip")
      #expect(zip.status == .unsupportedMediaType)
      let delete = await house.send(.delete, "\(Self.root)/mona/demo/1.0.0")
      #expect(delete.status == .methodNotAllowed)
      #expect(delete.headers[.allow] == "GET, HEAD, PUT")
      for path in ["x", "mona/demo/1.0.0/Other.swift", "a/b/c/d/e"] {
        #expect(await get(house, path).status == .notFound, "\(path)")
      }
      for path in [
        "mona/demo/2.0.0", "mona/demo/2.0.0/Package.swift", "mona/demo/2.0.0.zip",
        "mona/demo/..zip",
      ] {
        #expect(await get(house, path, accept: "*/*").status == .notFound, "\(path)")
      }
    }
  }
}
