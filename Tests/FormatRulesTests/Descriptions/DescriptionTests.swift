import ArchiveSamples
import Testing

@testable import FormatRules

@Suite("What versions say of themselves")
struct DescriptionTests {
  private let core = """
    Metadata-Version: 2.1
    Name: Demo
    Version: 1
    Summary: UNKNOWN
    License: BSD
    License-Expression: MIT OR Apache-2.0
    Project-URL: Homes, https://not.test
    Project-URL: Home Page, https://home.test
    Project-URL: Source Code, https://git.test
    Requires-Dist: a (>=1)
    Requires-Dist: b; extra == "x"

    # Demo
    """

  @Test func `Python's core metadata`() throws {
    let description = VersionDescription(python: try CoreMetadata(reading: core.bytes))
    #expect(description.summary == nil)
    #expect(description.licenses.map(\.name) == ["MIT OR Apache-2.0"])
    #expect(description.homePage == "https://home.test")
    #expect(description.sourceCodeRepository == "https://git.test")
    #expect(description.needs == ["Requires-Dist a >=1", "Requires-Dist b ; extra == \"x\""])
    #expect(description.readme == "# Demo")
  }

  @Test func `a row keeps all of it`() throws {
    let description = VersionDescription(python: try CoreMetadata(reading: core.bytes))
    #expect(VersionDescription(row: description.row) == description)
    #expect(VersionDescription().row == .object([]))
  }

  @Test func `members of other types, empty ones and endless ones are left out`() throws {
    let long = String(repeating: "x", count: VersionDescription.itemByteLimit + 1)
    let row = try JSONReader.read(
      """
      {"summary":"","homePage":7,"sourceCodeRepository":"\(long)","readme":null,
      "licenses":[{},{"name":"","url":"u"},"MIT",{"name":"\(long)"}],
      "dependencies":[{"package":"a"},{"package":7},{}],"displayName":["x"]}
      """.bytes
    )
    let description = VersionDescription(row: row)
    #expect(description.licenses.map(\.url) == ["u"])
    #expect(description.needs == ["a"])
    var rest = description
    (rest.licenses, rest.dependencies) = ([], [])
    #expect(rest == VersionDescription())
  }

  @Test func `what one does not know another may`() {
    var (one, other) = (VersionDescription(), VersionDescription())
    one.summary = "one"
    other.summary = "other"
    other.homePage = "home"
    let whole = one.completed(by: other)
    #expect(whole.summary == "one" && whole.homePage == "home")
  }

  @Test func `a crate says it in its line or in its manifest`() throws {
    let crate = try CrateDescription(reading: CrateDescriptionTests.json.bytes, ownIndex: "")
    let row = crate.metadata(checksum: "")
    #expect(VersionDescription.isDescribed(crate: row))
    #expect(VersionDescription(crate: row).summary == "D")
    let manifest = try CrateManifest(
      reading: """
        [package]
        name = "a"
        version = "1.0.0"
        description = "From the manifest"
        homepage = "https://h.test"
        repository = "https://r.test"
        license = "MIT"
        readme = "./docs/Read Me.md"
        [package.metadata]
        description = "not this"
        """.bytes
    )
    let description = VersionDescription(crate: manifest)
    #expect(description.summary == "From the manifest")
    #expect(description.homePage == "https://h.test")
    #expect(description.sourceCodeRepository == "https://r.test")
    #expect(description.licenses.map(\.name) == ["MIT"])
    var search = CrateArchive.readmeSearch(manifest)
    let tar = TestTar([("a-1.0.0/README.md", "no"), ("a-1.0.0/docs/Read Me.md", "yes")])
    try search.feed(tar.gzipped)
    #expect(search.readme == "yes")
  }

  @Test func `a gem's specification`() throws {
    let gem = try GemCorpus.specification("demo-2-1.0.rc1-java.gem")
    let description = VersionDescription(gem: gem.metadata)
    #expect(description.summary == "A demo ü")
    #expect(description.licenses.map(\.name) == ["MIT"])
    #expect(description.sourceCodeRepository == "http://s")
    var archive = GemArchive(inspectsContents: false)
    try archive.feed(GemCorpus.bytes("demo-2-1.0.rc1-java.gem"))
    #expect(archive.hasSpecification)
    #expect(try archive.specification() == gem)
  }
}

@Suite("Readmes")
struct ReadmeTests {
  @Test func `of several the best name wins, of one name the first`() throws {
    let tar = TestTar([
      ("pkg/readme", "0"), ("pkg/docs/README.md", "1"), ("pkg/README.rst", "2"),
      ("pkg/Readme.MD", "3"), ("pkg/README.md", "4"), ("README.md", "5"), ("pkg/readme.html", "6"),
    ])
    for size in [1, 100, 100_000] {
      var search = TarballSearch.readme(below: 1)
      for piece in tar.gzipped.pieces(of: size) where !search.isOver { try search.feed(piece) }
      #expect(search.readme == "3")
    }
    var top = TarballSearch.readme(below: 0)
    try top.feed(TestTar([("./README", "a"), ("x/README.md", "b")]).gzipped)
    #expect(top.readme == "a")
  }

  @Test func `folders, links, empty files and endless ones are no readmes`() throws {
    let long = [UInt8](repeating: 0x61, count: VersionDescription.itemByteLimit + 1)
    var search = TarballSearch.readme(below: 1)
    let tar = TestTar([("a/README.txt", "")]).adding("a/README.md", type: "5")
      .adding("a/README.md", type: "2", link: "/etc/passwd").adding("a/README.rst", long)
    try search.feed(tar.gzipped)
    #expect(search.readme == nil)
  }

  @Test func `in a gem it lies inside the inner archive`() throws {
    let data = TestTar([("lib/README.md", "no"), ("README.rdoc", "yes")]).gzipped
    let gem = TestTar([("README.md", "no")]).adding("data.tar.gz", data).bytes
    for size in [1, 511, 100_000] {
      var search = GemReadmeSearch()
      for piece in gem.pieces(of: size) { try search.feed(piece) }
      #expect(search.readme == "yes")
    }
  }

  @Test func `in a nupkg the nuspec names it`() async throws {
    func zip(_ more: String) -> TestZip {
      TestZip([
        ("a.nuspec", NuGetNuspecTests.minimal("a", "1.0", more)), ("docs/Read.me", "# Hello"),
      ])
    }
    let named = zip(#"<readme>docs\read.me</readme>"#)
    #expect(try await NuGetArchive.readme(of: named.source) == "# Hello")
    #expect(try await NuGetArchive.readme(of: zip("").source) == nil)
    let missing = zip("<readme>other.md</readme>")
    #expect(try await NuGetArchive.readme(of: missing.source) == nil)
  }

  @Test func `in a source archive it stands in the outermost folder`() async throws {
    var zip = TestZip([("p/x/README.md", "no"), ("p/README.txt", "text"), ("p/README.md", "yes")])
    #expect(try await SwiftSourceArchive.readme(of: zip.source) == "yes")
    zip.members[2].mode = 0o120777
    #expect(try await SwiftSourceArchive.readme(of: zip.source) == "text")
    #expect(try await SwiftSourceArchive.readme(of: TestZip([("p/x", "")]).source) == nil)
  }
}
