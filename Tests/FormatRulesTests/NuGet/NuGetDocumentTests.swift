import FormatRules
import Testing

@Suite("Documents of NuGet")
struct NuGetDocumentTests {
  private let addresses = NuGetAddresses(root: "http://h/nuget/d/a-1/r")

  private func listing(_ versions: [String]) throws -> PackageListing {
    PackageListing(
      name: "Acme.Core",
      versions: try versions.map { text in
        let version = try #require(NuGetVersion(text))
        var description = NuGetDescription(id: "Acme.Core", version: text)
        description.tags = ["json"]
        description[.description] = "Core <things>"
        return ListedVersion(
          version: version.key,
          publishedAt: UploadTime("2026-01-02T03:04:05Z"),
          metadata: description.row,
          isListed: !text.hasSuffix("-hidden"),
          files: [
            ListedFile(
              name: NuGetPackage.fileName("acme.core", version.key),
              hashes: ["sha512": "00ff"],
              byteCount: 7
            )
          ]
        )
      }
    )
  }

  private func json(_ bytes: [UInt8]) throws -> JSONValue { try JSONReader.read(bytes) }

  @Test func `every address in the service index begins where the client came`() throws {
    let resources = try #require(try json(addresses.renderIndex())["resources"]?.array)
    #expect(resources.allSatisfy { $0["@id"]?.string?.hasPrefix("\(addresses.root)/v3/") == true })
    let types = Set(resources.compactMap { $0["@type"]?.string })
    for type in [
      "PackageBaseAddress/3.0.0", "RegistrationsBaseUrl", "RegistrationsBaseUrl/3.4.0",
      "RegistrationsBaseUrl/3.6.0", "SearchQueryService", "SearchQueryService/3.5.0",
      "SearchAutocompleteService", "PackagePublish/2.0.0",
    ] { #expect(types.contains(type), "\(type)") }
  }

  @Test func `few versions stand in the index, lowest first, and unlisted ones are of 1900`() throws
  {
    let package = NuGetPackage(try listing(["1.10.0", "1.2.0-hidden", "1.9.0+b"]))
    let index = try json(NuGetRegistration(package, addresses, .semVer2).renderIndex())
    #expect(index["count"] == .number("1"))
    let page = try #require(index["items"]?.array?.first)
    #expect(page["lower"]?.string == "1.2.0-hidden")
    #expect(page["upper"]?.string == "1.10.0")
    let leaves = try #require(page["items"]?.array)
    #expect(
      leaves.map { $0["catalogEntry"]?["version"]?.string } == [
        "1.2.0-hidden", "1.9.0+b", "1.10.0",
      ]
    )
    #expect(leaves[0]["catalogEntry"]?["listed"]?.bool == false)
    #expect(leaves[0]["catalogEntry"]?["published"]?.string == "1900-01-01T00:00:00+00:00")
    #expect(leaves[2]["catalogEntry"]?["published"]?.string == "2026-01-02T03:04:05Z")
    #expect(
      leaves[1]["packageContent"]?.string
        == "\(addresses.root)/v3/flatcontainer/acme.core/1.9.0/acme.core.1.9.0.nupkg"
    )
  }

  @Test func `old clients are not shown what they cannot read`() throws {
    let all = try listing(["1.0.0", "1.1.0-a.b", "1.2.0+b", "1.3.0-a"])
    let package = NuGetPackage(all, semVer2: false)
    #expect(package.releases.map(\.version.text) == ["1.0.0", "1.3.0-a"])
    #expect(NuGetPackage(all).releases.count == 4)
  }

  @Test func `many versions are in pages, each of which can be asked for`() throws {
    let package = NuGetPackage(try listing((0..<200).map { "1.\($0).0" }))
    let registration = NuGetRegistration(package, addresses, .semVer2)
    let pages = try #require(try json(registration.renderIndex())["items"]?.array)
    #expect(pages.map { $0["count"]?.natural } == [64, 64, 64, 8])
    #expect(pages.allSatisfy { $0["items"] == nil })
    var seen = 0
    for page in pages {
      let lower = try #require(page["lower"]?.string)
      let upper = try #require(page["upper"]?.string)
      let whole = try json(try #require(registration.renderPage(lower, upper)))
      #expect(whole["@id"] == page["@id"])
      seen += whole["items"]?.array?.count ?? 0
    }
    #expect(seen == 200)
    #expect(registration.renderPage("1.0.0", "1.1.0") == nil)
  }

  @Test(arguments: [
    ("", true), ("acme", true), ("CORE json", true), ("tags:json", true), ("tags:js", false),
    ("packageid:acme.core", true), ("packageid:acme", false), ("things", true), ("nothing", false),
    ("acme nothing", false), ("id:core", true), ("http://x", false),
  ])
  func `searches`(query: String, isFound: Bool) throws {
    let package = NuGetPackage(try listing(["1.0.0", "2.0.0-a", "0.9.0-hidden"]))
    let found = NuGetSearch(query, prereleases: false).match(package)
    #expect(found.map { $0.releases.map(\.version.text) } == (isFound ? ["1.0.0"] : nil))
  }

  @Test func `results come by how well the identifier fits`() throws {
    func package(_ name: String) throws -> NuGetPackage {
      var listing = try listing(["1.0.0"])
      listing.name = name
      return NuGetPackage(listing)
    }
    let packages = try ["Zeta", "My.Json", "Json.Net", "Json"].map(package)
    let search = NuGetSearch("json", prereleases: true)
    #expect(search.order(packages).map(\.name) == ["Json", "Json.Net", "My.Json", "Zeta"])
    let typed = NuGetSearch("", prereleases: true, packageType: "DotnetTool")
    #expect(typed.match(packages[0]) == nil)
  }

  @Test func `an entry of the old protocol`() throws {
    var description = NuGetDescription(id: "Acme.Core", version: "1.0")
    description[.description] = "a < b \u{1}"
    description.dependencyGroups = [
      NuGetDependencyGroup(
        targetFramework: "net45",
        dependencies: [.init(id: "B", range: try #require(NuGetVersionRange("1.0")))]
      ), NuGetDependencyGroup(targetFramework: "net20", dependencies: []),
    ]
    let listed = ListedVersion(
      version: "1.0.0",
      metadata: description.row,
      files: [
        ListedFile(name: "acme.core.1.0.0.nupkg", hashes: ["sha512": "00ff"], byteCount: 7)
      ]
    )
    let package = NuGetPackage(PackageListing(name: "Acme.Core", versions: [listed]))
    let feed = NuGetFeed(addresses, at: addresses.root)
    let bytes = feed.render(NuGetFeed.Entry(package, package.releases[0]))
    let text = bytes.text
    for part in [
      "<d:Id>Acme.Core</d:Id>", "<d:Version>1.0.0</d:Version>", "a &lt; b </d:Description>",
      "<d:Dependencies>B:1.0.0:net45|::net20</d:Dependencies>",
      "<d:PackageHash>AP8=</d:PackageHash>",
      "<d:PackageSize m:type=\"Edm.Int64\">7</d:PackageSize>",
      "<d:IsLatestVersion m:type=\"Edm.Boolean\">true</d:IsLatestVersion>",
      "src=\"\(addresses.root)/v3/flatcontainer/acme.core/1.0.0/acme.core.1.0.0.nupkg\"",
    ] { #expect(text.contains(part), "\(part)") }
    #expect(try XMLReader.read(bytes).name == "entry")
    #expect(try XMLReader.read(NuGetFeed.metadata).name == "Edmx")
    #expect(try XMLReader.read(feed.renderService()).name == "service")
  }

  @Test(
    arguments: [
      ("IsLatestVersion", ["1.0.0"]), ("IsAbsoluteLatestVersion", ["2.0.0-a"]),
      ("not IsPrerelease", ["1.0.0"]), ("tolower(Id) eq 'acme.core' and IsPrerelease", ["2.0.0-a"]),
      ("(Version eq '1.0.0') or (Version eq '2.0.0-a')", ["1.0.0", "2.0.0-a"]),
      ("Id ne 'x' and true", ["1.0.0", "2.0.0-a"]), ("substringof('cor',tolower(Id)) eq false", []),
      ("startswith(Id,'Acme') and not (Listed eq false)", ["1.0.0", "2.0.0-a"]),
      ("Id eq 'it''s'", []), ("IsPrerelease or false and false", ["2.0.0-a"]),
    ] as [(String, [String])]
  )
  func `filters`(text: String, found: [String]) throws {
    let package = NuGetPackage(try listing(["1.0.0", "2.0.0-a"]))
    let filter = try NuGetFeedFilter(text)
    let matches = package.releases.filter { filter.matches(NuGetFeed.Entry(package, $0)) }
    #expect(matches.map(\.version.text) == found)
  }

  @Test(arguments: [
    "", "Id", "Id eq", "Id eq 'x", "(Id eq 'x'", "Unknown eq 'x'", "tolower(Id)", "Id eq 'x' and",
    "startswith(Id)", "Id eq 'x')", "length(Id) eq 3", "'x'", String(repeating: "(", count: 5000),
  ])
  func `what is no filter`(text: String) {
    #expect(throws: MalformedInput.self) { try NuGetFeedFilter(text) }
  }
}
