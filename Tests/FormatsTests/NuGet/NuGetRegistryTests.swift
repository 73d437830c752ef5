import ArchiveSamples
import Bytes
import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Testing

@Suite("NuGet packages from a public gallery")
struct NuGetRegistryTests {
  private static let package = TestZip([
    (
      "Acme.Core.nuspec",
      "<package><metadata><id>Acme.Core</id><version>2.0</version></metadata></package>"
    )
  ]).bytes

  private func leaf(_ version: String, _ more: String = "") -> String {
    """
    {"catalogEntry":{"id":"Acme.Core","version":"\(version)","description":"From outside",
    "published":"2020-05-06T07:08:09.1+00:00","tags":["a","b"],"iconUrl":"https://elsewhere.test/i",
    "dependencyGroups":[{"targetFramework":"net45","dependencies":[{"id":"Acme.Base",
    "range":"[1.0, )","registration":"https://gallery.test/reg/acme.base/index.json"}]}]\(more)},
    "packageContent":"https://files.gallery.test/acme.core.\(version.lowercased()).nupkg"}
    """
  }

  /// A gallery with a page in the index and a page of its own, as the public one has them.
  private func fill(_ house: NuGetHouse) {
    let gallery = house.gallery
    gallery["https://gallery.test/v3/index.json"] = """
      {"version":"3.0.0","resources":[
      {"@id":"https://gallery.test/old/","@type":"RegistrationsBaseUrl"},
      {"@id":"https://gallery.test/reg","@type":"RegistrationsBaseUrl/3.6.0"},
      {"@id":"https://gallery.test/flat/","@type":["PackageBaseAddress/3.0.0"]}]}
      """
    gallery["https://gallery.test/reg/acme.core/index.json"] = """
      {"count":2,"items":[
      {"@id":"https://gallery.test/reg/acme.core/index.json#page/1.0.0/1.0.0","items":[\(leaf("1.0.0-Beta+x"))]},
      {"@id":"page/2.json","count":2}]}
      """
    gallery["https://gallery.test/reg/acme.core/page/2.json"] = """
      {"items":[\(leaf("2.0.0", #","deprecation":{"reasons":["Legacy"]}"#)),
      \(leaf("2.1.0", #","listed":false"#))]}
      """
    gallery.set("https://files.gallery.test/acme.core.2.0.0.nupkg", Self.package)
    gallery["https://gallery.test/flat/acme.core/1.0.0-beta/acme.core.nuspec"] = "<package/>"
  }

  @Test(arguments: [
    "https://gallery.test/v3/index.json", "https://gallery.test/v3/", "https://gallery.test",
  ])
  func `all pages are read, whatever the address is that was configured`(base: String) async throws
  {
    try await NuGetHouse.run(base: base) { house in
      fill(house)
      let versions = try await house.text("v3/flatcontainer/Acme.Core/index.json")
      #expect(versions == #"{"versions":["1.0.0-beta","2.0.0","2.1.0"]}"#)
      let index = try #require(try await house.text("v3/registration4/acme.core/index.json"))
      for part in [
        #""published":"2020-05-06T07:08:09.100000Z""#, #""deprecation":{"reasons":["Legacy"]}"#,
        #""version":"1.0.0-Beta+x""#, #""iconUrl":"https://elsewhere.test/i""#,
        #""published":"1900-01-01T00:00:00+00:00""#, #""range":"[1.0.0, )""#,
      ] { #expect(index.contains(part), "\(part)") }
      #expect(!index.contains("gallery.test"), "every address is ours")
    }
  }

  @Test func `packages come through once, and stay when the gallery is gone`() async throws {
    try await NuGetHouse.run { house in
      fill(house)
      let path = "v3/flatcontainer/acme.core/2.0.0/acme.core.2.0.0.nupkg"
      let got = try await house.bytes(path)
      #expect(got == Self.package)
      let before = try await house.text("v3/registration4/acme.core/index.json")
      house.gallery.goDown()
      house.clock.advance(by: .seconds(7200))
      let again = try await house.bytes(path)
      #expect(again == Self.package)
      let nuspec = try await house.text("v3/flatcontainer/acme.core/2.0.0/acme.core.nuspec")
      #expect(nuspec?.contains("<id>Acme.Core</id>") == true)
      let after = try await house.text("v3/registration4/acme.core/index.json")
      #expect(after == before)
      let fetches = house.gallery.requests.filter { $0.hasPrefix("+") }
      #expect(fetches == ["+https://files.gallery.test/acme.core.2.0.0.nupkg"])
    }
  }

  @Test func `what is no package, or only the beginning of one, is not kept`() async throws {
    let path = "v3/flatcontainer/acme.core/2.0.0/acme.core.2.0.0.nupkg"
    let page = Array("<html>Sign in</html>".utf8)
    for wrong in [Array(Self.package.dropLast(30)), page, []] {
      try await NuGetHouse.run { house in
        fill(house)
        house.gallery.set("https://files.gallery.test/acme.core.2.0.0.nupkg", wrong)
        let got = try? await house.bytes(path)
        #expect(got == nil, "\(wrong.count) bytes")
        house.gallery.set("https://files.gallery.test/acme.core.2.0.0.nupkg", Self.package)
        let right = try await house.bytes(path)
        #expect(right == Self.package)
      }
    }
  }

  @Test func `a digest in the registration counts`() async throws {
    let path = "v3/flatcontainer/acme.core/2.0.0/acme.core.2.0.0.nupkg"
    for isRight in [true, false] {
      try await NuGetHouse.run { house in
        fill(house)
        let bytes = isRight ? Self.package : Self.package + [0]
        let digest = Hexadecimal.decode(ChecksumAlgorithm.sha512.hexadecimal(of: bytes)) ?? []
        let hash = Base64.encode(digest)
        let entry = leaf("2.0.0", #","packageHash":"\#(hash)","packageHashAlgorithm":"SHA512""#)
        house.gallery["https://gallery.test/reg/acme.core/page/2.json"] = #"{"items":[\#(entry)]}"#
        let got = try? await house.bytes(path)
        #expect((got == Self.package) == isRight)
      }
    }
  }

  @Test func `a nuspec is fetched without its package`() async throws {
    try await NuGetHouse.run { house in
      fill(house)
      let path = "v3/flatcontainer/acme.core/1.0.0-beta/acme.core.nuspec"
      let nuspec = try await house.text(path)
      #expect(nuspec == "<package/>")
      #expect(!house.gallery.requests.contains { $0.hasSuffix(".nupkg") })
    }
  }

  @Test func `a package that is published here is never asked for outside`() async throws {
    try await NuGetHouse.run { house in
      let form =
        Array("--b\r\nContent-Disposition: form-data; name=package; filename=p\r\n\r\n".utf8)
        + Self.package + Array("\r\n--b--\r\n".utf8)
      // Nothing is known of the name: publishing it asks once, and then it is private.
      fill(house)
      house.gallery["https://gallery.test/reg/acme.core/index.json"] = #"{"items":[]}"#
      let pushed = await house.send(
        .put,
        "v3/package/",
        [.contentType: "multipart/form-data; boundary=b"],
        body: form
      )
      #expect(pushed.status == .created)
      house.clock.advance(by: .seconds(7200))
      let asked = house.gallery.requests.count
      let versions = try await house.text("v3/flatcontainer/acme.core/index.json")
      #expect(versions == #"{"versions":["2.0.0"]}"#)
      #expect(house.gallery.requests.count == asked)
    }
  }

  @Test func `a version that can be had from outside cannot be published`() async throws {
    try await NuGetHouse.run { house in
      fill(house)
      _ = try await house.text("v3/flatcontainer/acme.core/index.json")
      let form =
        Array("--b\r\nContent-Disposition: form-data; name=package; filename=p\r\n\r\n".utf8)
        + Self.package + Array("\r\n--b--\r\n".utf8)
      let pushed = await house.send(
        .put,
        "v3/package/",
        [.contentType: "multipart/form-data; boundary=b"],
        body: form
      )
      #expect(pushed.status == .conflict)
    }
  }

  @Test func `documents that make no sense are no packages`() async throws {
    for (address, text) in [
      ("https://gallery.test/v3/index.json", "<html>"),
      ("https://gallery.test/v3/index.json", #"{"resources":[]}"#),
      ("https://gallery.test/reg/acme.core/index.json", "{"),
      ("https://gallery.test/reg/acme.core/index.json", #"{"items":[{"@id":"absent.json"}]}"#),
    ] {
      try await NuGetHouse.run { house in
        fill(house)
        house.gallery[address] = text
        let reply = await house.send(.get, "v3/flatcontainer/acme.core/index.json")
        #expect(reply.status == .serviceUnavailable, "\(text)")
      }
    }
    try await NuGetHouse.run { house in
      fill(house)
      #expect(await house.send(.get, "v3/registration4/other/index.json").status == .notFound)
    }
  }
}
