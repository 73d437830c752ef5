import ArchiveSamples
import Catalog
import FormatRules
import Repository

/// The same package in every format: `About it`, MIT, two dependencies, a readme.
enum Samples {
  private static func json(_ text: String) -> JSONValue {
    (try? JSONReader.read(Array(text.utf8))) ?? .null
  }

  private static let readme = (path: "README.md", text: "# Read me")

  static var npm: DescriptionTests.Sample {
    let manifest = """
      {"name":"@acme/widget","version":"1.0.0","description":"About it","license":"MIT",
      "dependencies":{"a":"^1"},"peerDependencies":{"@s/b":"2"}}
      """
    var kept = NpmManifest(
      json(manifest),
      of: NpmName("@acme/widget") ?? fallback,
      version: "1.0.0"
    )
    let listed = kept.metadata
    kept.readme = readme.text
    let tar = TestTar([("package/package.json", manifest), ("package/README.md", readme.text)])
    return DescriptionTests.Sample(
      package: PackageCoordinates(format: .npm, namespace: "acme", name: "widget"),
      files: [(PackageListing.npmArchiveName, tar.gzipped)],
      published: kept.metadata,
      listed: listed
    )
  }

  private static var fallback: NpmName {
    guard let name = NpmName("widget") else { preconditionFailure("widget is a name") }
    return name
  }

  static var maven: DescriptionTests.Sample {
    let pom = """
      <project><groupId>org.acme</groupId><artifactId>widget</artifactId><version>1.0.0</version>
      <name>The Widget</name><description>About it</description>
      <licenses><license><name>MIT</name></license></licenses>
      <parent><groupId>org.acme</groupId><artifactId>parent</artifactId><version>7</version></parent>
      <dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId><version>1</version>
      </dependency></dependencies></project>
      """
    let project = try? ProjectObjectModel(reading: Array(pom.utf8))
    return DescriptionTests.Sample(
      package: PackageCoordinates(format: .maven, namespace: "org.acme", name: "widget"),
      files: [("widget-1.0.0.jar", [1]), ("widget-1.0.0.pom", Array(pom.utf8))],
      published: project?.metadata ?? .null,
      listed: .object([]),
      hasReadme: false
    )
  }

  private static let core = """
    Metadata-Version: 2.1
    Name: widget
    Version: 1.0.0
    Summary: About it
    License: MIT
    Requires-Dist: a (>=1)
    Requires-Dist: b; extra == 'x'

    # Read me
    """

  private static var coreRow: JSONValue {
    guard let metadata = try? CoreMetadata(reading: Array(core.utf8)) else { return .null }
    return json(ProjectMetadata.json(of: metadata))
  }

  static var wheel: DescriptionTests.Sample {
    let zip = TestZip([("widget-1.0.0.dist-info/METADATA", core)])
    return DescriptionTests.Sample(
      package: PackageCoordinates(format: .pypi, name: "widget"),
      files: [("widget-1.0.0-py3-none-any.whl", zip.bytes), ("widget-1.0.0.tar.gz", [1])],
      published: coreRow,
      listed: .object([])
    )
  }

  static var sdist: DescriptionTests.Sample {
    let tar = TestTar([("widget-1.0.0/setup.py", ""), ("widget-1.0.0/PKG-INFO", core)])
    return DescriptionTests.Sample(
      package: PackageCoordinates(format: .pypi, name: "widget"),
      files: [("widget-1.0.0.tar.gz", tar.gzipped)],
      published: coreRow,
      listed: .object([])
    )
  }

  static var nuget: DescriptionTests.Sample {
    let nuspec = """
      <package><metadata><id>Widget</id><version>1.0.0</version><description>About it</description>
      <license type="expression">MIT</license><readme>docs\\README.md</readme><dependencies>
      <dependency id="A" version="1.0"/><group/></dependencies></metadata></package>
      """.replacing("<group/>", with: "<dependency id=\"B\"/>")
    var description = try? NuGetDescription(nuspec: Array(nuspec.utf8))
    let published = description?.row ?? .null
    // Registrations do not say where the readme is.
    description?[.readmeFile] = nil
    let zip = TestZip([("Widget.nuspec", nuspec), ("docs/README.md", readme.text)])
    return DescriptionTests.Sample(
      package: PackageCoordinates(format: .nuget, name: "widget"),
      files: [("widget.1.0.0.nupkg", zip.bytes)],
      published: published,
      listed: description?.row ?? .null
    )
  }

  static var cargo: DescriptionTests.Sample {
    let request = """
      {"name":"widget","vers":"1.0.0","description":"About it","license":"MIT","features":{},
      "deps":[{"name":"a","version_req":"^1","kind":"normal"},
      {"name":"b","version_req":"*","kind":"dev","explicit_name_in_toml":"c"}]}
      """
    let crate = try? CrateDescription(reading: Array(request.utf8), ownIndex: "")
    let row = crate?.metadata(checksum: "") ?? .null
    let manifest = """
      [package]
      name = "widget"
      version = "1.0.0"
      description = "About it"
      license = "MIT"
      readme = "docs/READ.md"
      """
    let tar = TestTar([
      ("widget-1.0.0/README.md", "not this"), ("widget-1.0.0/docs/READ.md", readme.text),
      ("widget-1.0.0/Cargo.toml", manifest),
    ])
    return DescriptionTests.Sample(
      package: PackageCoordinates(format: .cargo, name: "widget"),
      files: [("widget-1.0.0.crate", tar.gzipped)],
      published: row,
      listed: .object((row.members ?? []).filter { $0.name != "about" })
    )
  }

  static var ruby: DescriptionTests.Sample {
    let yaml = """
      name: widget
      version: 1.0.0
      summary: About it
      licenses: [MIT]
      dependencies:
      - name: a
        requirement:
          requirements:
          - - "~>"
            - version: '1.0'
        type: :runtime
      - name: b
        type: :development
      """
    let specification = try? GemSpecification(reading: Array(yaml.utf8))
    let row = specification?.metadata ?? .null
    let gem = TestTar().adding("metadata.gz", TestGzip.stored(Array(yaml.utf8)))
      .adding("data.tar.gz", TestTar([readme]).gzipped)
    return DescriptionTests.Sample(
      package: PackageCoordinates(format: .ruby, name: "widget"),
      files: [("widget-1.0.0.gem", gem.bytes)],
      published: row,
      listed: .object((row.members ?? []).filter { $0.name != "about" })
    )
  }

  static var swift: DescriptionTests.Sample {
    let manifest = """
      // swift-tools-version:5.9
      let package = Package(dependencies: [
        .package(id: "acme.a", from: "1.0.0"), .package(url: "https://g.test/b.git", from: "2.0.0"),
      ])
      """
    let release = SwiftRelease(
      identifier: "acme.widget",
      metadata: json(#"{"description":"About it"}"#),
      signature: nil,
      metadataSignature: nil,
      manifests: [],
      dependencies: SwiftDependencyScanner.dependencies(in: Array(manifest.utf8)).map(\.json)
    )
    // There is no public registry to come from: a retained release has the same row.
    var row = release.row
    row = .object((row.members ?? []) + [.init("licenses", json(#"[{"name":"MIT"}]"#))])
    let zip = TestZip([("widget/Package.swift", manifest), ("widget/README.md", readme.text)])
    return DescriptionTests.Sample(
      package: PackageCoordinates(format: .swift, namespace: "acme", name: "widget"),
      files: [("widget-1.0.0.zip", zip.bytes)],
      published: row,
      listed: row
    )
  }
}
