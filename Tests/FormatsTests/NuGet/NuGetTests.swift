import ArchiveSamples
import Exchange
import Foundation
import HTTPTypes
import Repository
import Testing

@Suite("The NuGet endpoint")
struct NuGetTests {
  private static let root = "/nuget/d/my-domain-123456789012/tools"
  private static let address = "http://h:1\(root)"

  private func get(_ house: TestHouse, _ path: String) async -> Reply {
    await house.send(.get, Self.root + path)
  }

  private func json(_ house: TestHouse, _ path: String) async throws -> NSDictionary {
    let reply = await get(house, path)
    try #require(reply.status == .ok, "\(path)")
    let bytes = try await house.bytes(reply)
    return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? NSDictionary)
  }

  private func package(_ id: String, _ version: String, _ more: String = "") -> [UInt8] {
    let metadata = "<id>\(id)</id><version>\(version)</version><description>d</description>\(more)"
    return TestZip([
      ("\(id).nuspec", "<package><metadata>\(metadata)</metadata></package>"),
      ("docs/README.md", "# Read me"),
    ]).bytes
  }

  /// As the client of 2.8 writes it on Unix: unquoted names, and a bare line feed before the end.
  private func push(
    _ house: TestHouse,
    _ bytes: [UInt8],
    to path: String = "/v3/package/",
    method: HTTPRequest.Method = .put
  ) async -> Reply {
    let head =
      "--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: form-data; "
      + "name=package; filename=package.nupkg; filename*=utf-8''package.nupkg\r\n\r\n"
    return await house.send(
      method,
      Self.root + path,
      [.contentType: "multipart/form-data; boundary=\"b\""],
      body: RequestBody(pieces: Array(head.utf8) + bytes + Array("\n--b--\r\n".utf8), of: 50)
    )
  }

  @Test(arguments: ["/v3/package", "/v3/package/", "/api/v2/package", "/", ""])
  func `what is pushed is listed, described and fetched`(path: String) async throws {
    try await TestHouse.run { house in
      let bytes = package("Acme.Core", "1.0.0.0-Beta", "<readme>docs/README.md</readme>")
      #expect(await push(house, bytes, to: path).status == .created)
      let versions = try await json(house, "/v3/flatcontainer/ACME.core/index.json")
      #expect(versions["versions"] as? [String] == ["1.0.0-beta"])
      let folder = "/v3/flatcontainer/acme.core/1.0.0-beta"
      let file = await get(house, "\(folder)/acme.core.1.0.0-beta.nupkg")
      let got = try await house.bytes(file)
      #expect(got == bytes)
      let nuspec = try await house.text(await get(house, "\(folder)/acme.core.nuspec"))
      #expect(nuspec.hasPrefix("<package><metadata><id>Acme.Core</id>"))
      let readme = await get(house, "\(folder)/readme")
      #expect(readme.headers[.contentType]?.hasPrefix("text/markdown") == true)
      let text = try await house.text(readme)
      #expect(text == "# Read me")
      #expect(await get(house, "\(folder)/icon").status == .notFound)
      for hive in ["registration3", "registration4"] {
        let index = try await json(house, "/v3/\(hive)/acme.core/index.json")
        let page = try #require((index["items"] as? [NSDictionary])?.first)
        let leaf = try #require((page["items"] as? [NSDictionary])?.first)
        let content = leaf["packageContent"] as? String
        #expect(content == "\(Self.address)\(folder)/acme.core.1.0.0-beta.nupkg")
        let entry = try #require(leaf["catalogEntry"] as? NSDictionary)
        #expect(entry["id"] as? String == "Acme.Core")
        #expect(entry["readmeUrl"] as? String == "\(Self.address)\(folder)/readme")
        #expect(await get(house, "/v3/\(hive)/acme.core/1.0.0-beta.json").status == .ok)
        #expect(await get(house, "/v3/\(hive)/acme.core/2.0.0.json").status == .notFound)
      }
    }
  }

  @Test func `a version never changes, however it is spelt`() async throws {
    try await TestHouse.run { house in
      #expect(await push(house, package("Acme.Core", "1.0")).status == .created)
      for (id, version) in [
        ("Acme.Core", "1.0"), ("ACME.core", "1.0.0.0+x"), ("acme.core", "01.0.0"),
      ] {
        let reply = await push(house, package(id, version))
        #expect(reply.status == .conflict)
      }
      #expect(await push(house, package("Acme.Core", "1.0.0.1")).status == .created)
    }
  }

  @Test func `unlisted versions are resolved by nobody and fetched by all`() async throws {
    try await TestHouse.run { house in
      for version in ["1.0.0", "2.0.0"] { _ = await push(house, package("Acme.Core", version)) }
      let path = "\(Self.root)/v3/package/Acme.Core/2.0.0"
      #expect(await house.send(.delete, path).status == .noContent)
      let found = try await json(house, "/v3/query?q=acme&prerelease=true")
      #expect((found["data"] as? [NSDictionary])?.first?["version"] as? String == "1.0.0")
      let versions = try await json(house, "/v3/flatcontainer/acme.core/index.json")
      #expect(versions["versions"] as? [String] == ["1.0.0", "2.0.0"])
      let index = try await house.text(await get(house, "/v3/registration4/acme.core/index.json"))
      #expect(index.contains(#""published":"1900-01-01T00:00:00+00:00""#))
      #expect(
        await get(house, "/v3/flatcontainer/acme.core/2.0.0/acme.core.2.0.0.nupkg").status == .ok
      )
      let latest = await get(house, "/FindPackagesById()?id='acme.core'&$filter=IsLatestVersion")
      #expect(try await house.text(latest).contains("Version='1.0.0'"))
      #expect(await house.send(.post, path).status == .ok)
      let again = try await json(house, "/v3/query?q=acme")
      #expect((again["data"] as? [NSDictionary])?.first?["version"] as? String == "2.0.0")
      let absent = await house.send(.delete, "\(Self.root)/v3/package/Acme.Core/3.0.0")
      #expect(absent.status == .notFound)
    }
  }

  @Test func `searches and completions`() async throws {
    try await TestHouse.run { house in
      for (id, version) in [
        ("Acme.Core", "1.0.0"), ("Acme.Core", "1.1.0-a"), ("Acme.Web", "1.0.0"),
        ("Other", "1.0.0-b.c"),
      ] { _ = await push(house, package(id, version)) }
      let all = try await json(house, "/v3/query?q=&take=1&skip=1")
      #expect(all["totalHits"] as? Int == 2)
      #expect((all["data"] as? [NSDictionary])?.first?["id"] as? String == "Acme.Web")
      let names = try await json(house, "/v3/autocomplete?q=acme")
      #expect(names["data"] as? [String] == ["Acme.Core", "Acme.Web"])
      let versions = try await json(house, "/v3/autocomplete?id=acme.core&prerelease=true")
      #expect(versions["data"] as? [String] == ["1.0.0", "1.1.0-a"])
      let old = try await json(house, "/v3/query?q=other&prerelease=true")
      #expect(old["totalHits"] as? Int == 0)
      let new = try await json(house, "/v3/query?q=other&prerelease=true&semVerLevel=2.0.0")
      #expect(new["totalHits"] as? Int == 1)
    }
  }

  @Test func `the old protocol`() async throws {
    try await TestHouse.run { house in
      for number in 0..<120 { _ = await push(house, package("Acme.Core", "1.\(number)")) }
      for path in ["", "/", "/api/v2", "/api/v2/"] {
        let service = await get(house, path)
        #expect(service.status == .ok)
        #expect(try await house.text(service).contains("<workspace>"), "\(path)")
      }
      let metadata = try await house.text(await get(house, "/$metadata"))
      #expect(metadata.contains("FunctionImport Name=\"FindPackagesById\""))
      let first = try await house.text(await get(house, "/FindPackagesById()?id='Acme.Core'"))
      #expect(first.components(separatedBy: "<entry>").count == 101)
      #expect(
        first.contains(
          "<link rel=\"next\" href=\"\(Self.address)/FindPackagesById()?id='Acme.Core'&amp;$skip=100\"/>"
        )
      )
      let rest = await get(house, "/FindPackagesById()?id='Acme.Core'&$skip=100")
      #expect(try await house.text(rest).components(separatedBy: "<entry>").count == 21)
      let one = await get(house, "/Packages(Id='acme.CORE',Version='1.7')")
      #expect(
        try await house.text(one).contains("<d:NormalizedVersion>1.7.0</d:NormalizedVersion>")
      )
      #expect(await get(house, "/Packages(Id='Acme.Core',Version='9.9')").status == .notFound)
      let count = await get(
        house,
        "/Search()/$count?$filter=IsLatestVersion&searchTerm='acme'&includePrerelease=false"
      )
      let text = try await house.text(count)
      #expect(text == "1")
      #expect(await get(house, "/Packages()?$filter=Unknown%20eq%201").status == .badRequest)
      let deleted = await house.send(.delete, "\(Self.root)/Acme.Core/1.119")
      #expect(deleted.status == .noContent)
    }
  }

  @Test func `what is no package is refused with a reason`() async throws {
    try await TestHouse.run { house in
      for (bytes, word) in [
        (Array("no zip".utf8), "zip"), (TestZip([("x", "")]).bytes, ".nuspec"),
        (package("..", "1.0"), "<id>"), (package("a", "one"), "<version>"),
        (
          package(
            "a",
            "1.0",
            "<packageTypes><packageType name=\"SymbolsPackage\"/></packageTypes>"
          ),
          "symbols"
        ),
      ] {
        let reply = await push(house, bytes)
        #expect(reply.status == .badRequest)
        let text = try await house.text(reply)
        #expect(text.contains(word))
      }
      let noForm = await house.send(.put, "\(Self.root)/v3/package", body: RequestBody([1, 2]))
      #expect(noForm.status == .badRequest)
      for path in [
        "/v3/flatcontainer/none/index.json", "/v3/registration4/none/index.json", "/v3/x",
        "/v3/registration4/a%2Fb/index.json", "/v3/flatcontainer/../1.0.0/x.nupkg",
        "/v3/flatcontainer/a/1.0.0/b.nupkg", "/v3/registration4/none/page/1/2.json", "/x/y/z",
      ] { #expect(await get(house, path).status == .notFound, "\(path)") }
      let patch = await house.send(.patch, "\(Self.root)/v3/package")
      #expect(patch.status == .methodNotAllowed)
    }
  }

  @Test func `the key of a push is a token too`() async throws {
    try await TestHouse.run { house in
      let key = try #require(HTTPField.Name("X-NuGet-ApiKey"))
      let good = await house.send(
        .get,
        "\(Self.root)/v3/index.json",
        [key: house.token],
        authorization: .some(nil)
      )
      #expect(good.status == .ok)
      let wrong = await house.send(
        .get,
        "\(Self.root)/v3/index.json",
        [key: "wrong"],
        authorization: .some(nil)
      )
      #expect(wrong.status == .unauthorized)
      #expect(wrong.headers[values: .wwwAuthenticate].contains { $0.hasPrefix("Basic ") })
    }
  }
}
