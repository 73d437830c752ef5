import FormatRules
import Testing

@Suite("maven-metadata.xml")
struct MavenMetadataTests {
  private static func version(
    _ text: String,
    _ files: [String] = [],
    isListed: Bool = true,
    metadata: JSONValue = .object([])
  ) -> ListedVersion {
    ListedVersion(
      version: text,
      publishedAt: UploadTime("2021-07-28T19:45:52.5Z"),
      metadata: metadata,
      isListed: isListed,
      files: files.map { ListedFile(name: $0) }
    )
  }

  @Test func `an artifact's document has the versions that are listed, in order`() throws {
    let listing = PackageListing(
      name: "widget",
      versions: [
        Self.version("1.10"), Self.version("1.2"), Self.version("1.2-rc1"),
        Self.version("0.9", isListed: false),
        Self.version("2.0-20210728.194552-1", ["x"], isListed: false),
      ]
    )
    let metadata = MavenMetadata(group: "org.acme", artifact: "widget", listing: listing)
    #expect(MavenMetadata.hasVersions(listing))
    #expect(
      String(decoding: metadata.render(), as: UTF8.self) == """
        <?xml version="1.0" encoding="UTF-8"?>
        <metadata>
          <groupId>org.acme</groupId>
          <artifactId>widget</artifactId>
          <versioning>
            <latest>2.0-SNAPSHOT</latest>
            <release>1.10</release>
            <versions>
              <version>1.2-rc1</version>
              <version>1.2</version>
              <version>1.10</version>
              <version>2.0-SNAPSHOT</version>
            </versions>
            <lastUpdated>20210728194552</lastUpdated>
          </versioning>
        </metadata>

        """
    )
  }

  @Test func `nothing listed is no document, and a hidden snapshot stays hidden`() {
    let versions = [
      Self.version("1.0", isListed: false), Self.version("2.0-SNAPSHOT", isListed: false),
      Self.version("2.0-20210728.194552-1", ["x"], isListed: false),
    ]
    let listing = PackageListing(name: "w", versions: versions)
    #expect(!MavenMetadata.hasVersions(listing))
    #expect(!MavenMetadata.hasVersions(PackageListing(name: "w", versions: [])))
  }

  @Test func `what a registry says of its last change counts when it is later`() throws {
    let said = JSONValue.object([.init("lastUpdated", .string("20300101000000"))])
    let later = PackageListing(name: "w", versions: [Self.version("1")], attributes: said)
    let broken = PackageListing(
      name: "w",
      versions: [Self.version("1")],
      attributes: .object([.init("lastUpdated", .string("yesterday, more or less"))])
    )
    #expect(
      MavenMetadata(group: "g", artifact: "w", listing: later).lastUpdated == "20300101000000"
    )
    #expect(
      MavenMetadata(group: "g", artifact: "w", listing: broken).lastUpdated == "20210728194552"
    )
  }

  @Test func `a snapshot's document names the newest build of each kind of file`() throws {
    let (one, two) = ("1.0-20210728.194552-1", "1.0-20210729.000000-2")
    let suffixes = JSONValue.array([
      ArtifactSuffix(classifier: "linux-x86.64", extension: "tar.gz").json
    ])
    let listing = PackageListing(
      name: "w",
      versions: [
        Self.version(two, ["w-\(two).jar", "w-\(two).pom"], isListed: false),
        Self.version(
          one,
          ["w-\(one).jar", "w-\(one)-linux-x86.64.tar.gz", "odd.txt"],
          isListed: false,
          metadata: .object([.init(MavenMetadata.suffixesName, suffixes)])
        ),
        Self.version("1.0-SNAPSHOT", ["w-\(two).jar"]),
        Self.version("1.1-20210729.000000-1", ["x"]),
      ]
    )
    let metadata = try #require(
      MavenMetadata(group: "g", artifact: "w", base: "1.0", listing: listing)
    )
    #expect(metadata.snapshot == .init(timestamp: "20210729.000000", buildNumber: 2))
    #expect(metadata.version == "1.0-SNAPSHOT")
    #expect(
      metadata.snapshotVersions.map { "\($0.suffix.text) \($0.value)" } == [
        ".jar \(two)", ".pom \(two)", "-linux-x86.64.tar.gz \(one)",
      ]
    )
    let again = try MavenMetadata(reading: metadata.render())
    #expect(again == metadata)
    #expect(String(decoding: metadata.render(), as: UTF8.self).contains("modelVersion=\"1.1.0\""))
    #expect(MavenMetadata(group: "g", artifact: "w", base: "9", listing: listing) == nil)
  }

  @Test func `what Maven deploys is understood`() throws {
    let metadata = try MavenMetadata(reading: MavenSamples.snapshotMetadata.bytes)
    #expect(metadata.group == "org.acme")
    #expect(metadata.builds(of: "1.0").map(\.version) == ["1.0-20210728.194552-1"])
    #expect(metadata.builds(of: "1.1").map(\.version) == ["1.1-20210728.194552-1"])
    #expect(metadata.snapshotVersions.last?.suffix.classifier == "linux-x86.64")
    #expect(throws: MalformedInput.self) { try MavenMetadata(reading: "<html/>".bytes) }
    #expect(try MavenMetadata(reading: "<metadata/>".bytes).isEmpty)
  }

  @Test func `plugins are kept by prefix, the first one wins`() throws {
    let plugins = [
      MavenMetadata.Plugin(name: "B", prefix: "b", artifact: "b-maven-plugin"),
      MavenMetadata.Plugin(name: nil, prefix: "a", artifact: "a-maven-plugin"),
      MavenMetadata.Plugin(name: nil, prefix: "b", artifact: "late"),
    ]
    let metadata = try #require(MavenMetadata(plugins: plugins))
    #expect(try MavenMetadata(reading: metadata.render()) == metadata)
    #expect(metadata.plugins.map(\.artifact) == ["a-maven-plugin", "b-maven-plugin"])
    let attributes = JSONValue.object([
      .init("plugins", MavenMetadata.attribute(of: metadata.plugins))
    ])
    #expect(MavenMetadata.plugins(in: attributes) == metadata.plugins)
    let package = MavenMetadata.adding(plugins[0], to: .object([.init("other", .null)]))
    #expect(MavenMetadata.plugin("b-maven-plugin", in: package) == plugins[0])
    #expect(package["other"] == .null)
    #expect(MavenMetadata(plugins: []) == nil)
  }

  @Test func `text is escaped`() throws {
    var metadata = MavenMetadata(group: "a&b<c>", artifact: "x\u{1}y")
    metadata.versions = ["1"]
    let again = try MavenMetadata(reading: metadata.render())
    #expect(again.group == "a&b<c>")
    #expect(again.artifact == "x\u{FFFD}y")
  }
}
