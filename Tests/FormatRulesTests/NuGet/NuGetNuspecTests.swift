import ArchiveSamples
import FormatRules
import Testing

@Suite("Nuspecs and packages of NuGet")
struct NuGetNuspecTests {
  static let nuspec = """
    \u{FEFF}<?xml version="1.0" encoding="utf-8"?>
    <!-- made by hand -->
    <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
      <metadata minClientVersion="2.8">
        <id>Acme.Core</id>
        <version>1.02.0-Beta+meta</version>
        <title>Acme &amp; Co</title>
        <authors>Ann, Bob</authors>
        <license type="expression">MIT</license>
        <licenseUrl>https://licenses.test/MIT</licenseUrl>
        <icon>images\\icon.png</icon>
        <readme>docs/README.md</readme>
        <projectUrl>https://acme.test/</projectUrl>
        <requireLicenseAcceptance>true</requireLicenseAcceptance>
        <description><![CDATA[Core <things>]]></description>
        <tags>json fast, small</tags>
        <repository type="git" url="https://git.test/acme.git"/>
        <packageTypes><packageType name="DotnetTool" version="1.0"/></packageTypes>
        <dependencies>
          <group targetFramework="net45">
            <dependency id="Acme.Base" version="1.0" exclude="Build"/>
          </group>
          <group targetFramework="netstandard2.0"/>
          <group><dependency id="Acme.Any"/></group>
        </dependencies>
      </metadata>
      <files/>
    </package>
    """

  @Test func `a nuspec is read, kept and read again`() throws {
    let read = try NuGetDescription(nuspec: Self.nuspec.bytes)
    for description in [read, try #require(NuGetDescription(row: read.row))] {
      #expect(description.id == "Acme.Core")
      #expect(description.version == "1.02.0-Beta+meta")
      #expect(description[.title] == "Acme & Co")
      #expect(description[.description] == "Core <things>")
      #expect(description[.licenseExpression] == "MIT")
      #expect(description[.minClientVersion] == "2.8")
      #expect(description[.iconFile] == #"images\icon.png"#)
      #expect(description.tags == ["json", "fast", "small"])
      #expect(description.requiresLicenseAcceptance)
      #expect(description.packageTypes == [.init(name: "DotnetTool", version: "1.0")])
      #expect(
        description.dependencyGroups.map(\.targetFramework) == ["net45", "netstandard2.0", nil]
      )
      #expect(description.dependencyGroups[0].dependencies.map(\.range.text) == ["[1.0.0, )"])
      #expect(description.dependencyGroups[2].dependencies.map(\.range.text) == ["(, )"])
    }
  }

  @Test func `the control API finds its members`() throws {
    let row = try NuGetDescription(nuspec: Self.nuspec.bytes).row
    #expect(row["summary"]?.string == "Core <things>")
    #expect(row["homePage"]?.string == "https://acme.test/")
    #expect(row["sourceCodeRepository"]?.string == "https://git.test/acme.git")
    #expect(row["licenses"]?.array?.first?["name"]?.string == "MIT")
    #expect(row["dependencies"]?.array?.count == 2)
    #expect(row["dependencies"]?.array?.first?["package"]?.string == "Acme.Base")
  }

  static func minimal(_ id: String, _ version: String, _ more: String = "") -> String {
    "<package><metadata><id>\(id)</id><version>\(version)</version>\(more)</metadata></package>"
  }

  @Test(arguments: [
    "", "no xml", "<package/>", "<package><metadata/></package>", "<other/>",
    minimal("..", "1.0"), minimal("a/b", "1.0"), minimal("a", ""), minimal("a", "x"),
    minimal("a", "1.0", "<dependencies><dependency version='1'/></dependencies>"),
    minimal("a", "1.0", "<dependencies><dependency id='b' version='x'/></dependencies>"),
    "<package><metadata><id>a</id><version>1</version></metadata>",
    minimal("a", "1.0", "<b>" + String(repeating: "<c>", count: 100)),
  ])
  func `what is no nuspec is refused with a reason`(text: String) {
    #expect(throws: MalformedInput.self) { try NuGetDescription(nuspec: text.bytes) }
  }

  @Test func `entities that a document defines are not expanded`() throws {
    let text =
      "<!DOCTYPE p [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"
      + Self.minimal("a", "1.0", "<title>&e;</title>")
    #expect(try NuGetDescription(nuspec: text.bytes)[.title] == "&e;")
  }

  private func read(_ members: [(name: String, text: String)]) async throws -> NuGetArchive {
    try await NuGetArchive(of: ByteSource(TestZip(members).bytes))
  }

  @Test func `a package has one nuspec at its top`() async throws {
    let text = Self.minimal("a", "1.0")
    let archive = try await read([("lib/x.nuspec", ""), ("A.NuSpec", text), ("_rels/.rels", "")])
    #expect(archive.nuspec.text == text)
    for members in [
      [("lib/a.nuspec", text)], [("a.nuspec", text), ("b.nuspec", text)], [],
      [("a.nuspec", text), ("../x", "")], [("a.nuspec", text), ("/x", "")],
      [("a.nuspec", text), ("a.nuspec", text)], [("a.nuspec", text), ("lib\\..\\x", "")],
    ] as [[(name: String, text: String)]] {
      await #expect(throws: MalformedInput.self) { try await read(members) }
    }
  }

  @Test func `files inside are found whatever their slashes and case`() async throws {
    let source = ByteSource(TestZip([("a.nuspec", ""), ("images/Icon.png", "png")]).bytes)
    #expect(try await NuGetArchive.file(#"Images\icon.png"#, of: source)?.text == "png")
    #expect(try await NuGetArchive.file("./images/icon.png", of: source)?.text == "png")
    #expect(try await NuGetArchive.file("../images/icon.png", of: source) == nil)
  }

  @Test func `damaged packages are refused or read, and never trap`() async {
    let seed = UInt64.random(in: 1 ... .max)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let sample = TestZip([("a.nuspec", Self.nuspec), ("lib/a.dll", "x")]).bytes
    for _ in 0..<2000 {
      var bytes = sample
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[.random(in: 0..<bytes.count, using: &generator)] = .random(
          in: 0...255,
          using: &generator
        )
      }
      do { _ = try await NuGetArchive(of: ByteSource(bytes)) } catch {
        #expect(error is MalformedInput)
      }
      do throws(MalformedInput) {
        let text = Array(bytes[60..<min(bytes.count, 60 + Self.nuspec.utf8.count)])
        _ = try NuGetDescription(nuspec: text)
      } catch {
        #expect(error.subject == "nuspec")
      }
    }
  }
}
