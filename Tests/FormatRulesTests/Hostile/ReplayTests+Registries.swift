import ArchiveSamples
import Codec
import Testing

@testable import FormatRules

/// What clients ask and other registries answer, with damage.
extension ReplayTests {
  @Test func `audit requests, plain, packed and damaged before they are packed`() async {
    let request =
      #"{"requires":{"a":"1"},"dependencies":{"a":{"version":"1","dependencies":{"b":{}}},"c":{}}}"#
      .bytes
    let packed = DeflateCompressor.compress(request.span, as: .gzip)
    await replay([request, packed, TestGzip.stored(request)]) { bytes in
      let report = try JSONReader.read(try NpmAudit.emptyReport(of: bytes))
      #expect(report["metadata"]?["totalDependencies"]?.natural != nil)
    }
    await replay([request]) { bytes in
      _ = try NpmAudit.emptyReport(of: DeflateCompressor.compress(bytes.span, as: .gzip))
    }
  }

  @Test func `manifests of Swift packages`() async {
    let manifest = #"""
      // swift-tools-version: 5.9 /* .package(id: "no.no") */
      let p = Package(name: "x", dependencies: [ /* a /* nested */ comment */
        .package(id: "acme.core", from: "1.0.0"), .package(name: "y", url: "https://h/y.git",
          .upToNextMajor(from: "2.0.0")), .package(url: "https://h/\"z\"", exact: "1.2.3"),
      ])
      """#
    await replay([manifest.bytes], takesEverything: true) { bytes in
      for dependency in SwiftDependencyScanner.dependencies(in: bytes) {
        // Bytes that are no UTF-8 become three each, and marks a blank more.
        #expect(dependency.target.utf8.count + dependency.requirement.utf8.count < bytes.count * 3)
        #expect(dependency.json.members?.isEmpty == false)
      }
    }
  }

  @Test func `parts in base 64`() async {
    await replay(["aGVsbG8g\r\nd29ybGQh\nIQ==".bytes, "AAEC/w==".bytes]) { bytes in
      var content = Base64Content()
      var count = 0
      for piece in bytes.pieces(of: 5) { count += try content.feed(piece).count }
      count += try content.finish().count
      #expect(count <= bytes.count)
    }
  }

  @Test func `metadata of Maven`() async {
    let plugins =
      "<metadata><plugins><plugin><name>A</name><prefix>a</prefix><artifactId>a-plugin</artifactId>"
      + "</plugin></plugins><versioning><latest>2</latest><versions><version>1</version></versions>"
      + "</versioning></metadata>"
    await replay([MavenSamples.snapshotMetadata.bytes, plugins.bytes]) { bytes in
      let metadata = try MavenMetadata(reading: bytes)
      _ = metadata.builds(of: "1.0-SNAPSHOT")
      _ = MavenMetadata.plugins(in: MavenMetadata.attribute(of: metadata.plugins))
      // What was read can be written, and is read the same.
      #expect(try MavenMetadata(reading: metadata.render()).render() == metadata.render())
    }
  }

  @Test func `filters of the old protocol`() async {
    let listed = ListedVersion(
      version: "1.0.0",
      metadata: NuGetDescription(id: "Acme", version: "1.0.0").row,
      files: [ListedFile(name: "acme.1.0.0.nupkg", hashes: [:], byteCount: 7)]
    )
    let package = NuGetPackage(PackageListing(name: "Acme", versions: [listed]))
    let entries = package.releases.map { NuGetFeed.Entry(package, $0) }
    let samples = [
      "tolower(Id) eq 'acme.core' and not (IsPrerelease or Version eq '1.0')",
      "startswith(Id,'it''s') or substringof('a',trim(toupper(Tags))) eq false and Listed",
    ]
    await replay(samples.map(\.bytes)) { bytes in
      let filter = try NuGetFeedFilter(bytes.text)
      for entry in entries { _ = filter.matches(entry) }
    }
  }

  @Test func `registrations of NuGet`() async {
    let entry = #"""
      {"@id":"https://h/1","id":"Acme","version":"1.0.0-a+b","tags":["x","y"],"listed":true,
      "authors":["a","b"],"published":"2026-01-02T03:04:05Z","requireLicenseAcceptance":false,
      "dependencyGroups":[{"targetFramework":"net8.0","dependencies":[{"id":"B","range":"[1,2)"}]}],
      "packageTypes":[{"name":"Dependency","version":"1"}],"deprecation":{"reasons":["Legacy"]},
      "vulnerabilities":[{"severity":"2"}]}
      """#
    await replay([entry.bytes]) { bytes in
      guard let description = NuGetDescription(try JSONReader.read(bytes)) else {
        throw MalformedInput("entry", "it has no name")
      }
      // A row keeps all that it was made of.
      let again = try #require(NuGetDescription(row: description.row))
      #expect(again.row == description.row)
    }
  }

  @Test func `index files of crates`() async throws {
    let sum = String(repeating: "0a", count: 32)
    let line =
      #"{"name":"Ab","vers":"1.0.0-a.1+b","deps":[{"name":"c","req":"^1","features":[],"optional":"#
      + #"false,"default_features":true,"target":null,"kind":"normal"}],"cksum":"\#(sum)","#
      + #""features":{"x":["y"]},"yanked":false,"links":null,"pubtime":"2024-01-02T03:04:05Z"}"#
    let name = try #require(CrateName("ab"))
    let configuration = try CrateIndexConfiguration(
      reading: #"{"dl":"https://f/{prefix}/{crate}-{version}"}"#.bytes
    )
    await replay(["\(line)\n\(line)\n".bytes, line.bytes]) { bytes in
      let listing = try CrateIndexFile.read(bytes, of: name, with: configuration)
      for version in listing.versions { _ = VersionDescription(crate: version.metadata) }
      let written = CrateIndexFile.render(listing)
      let again = try CrateIndexFile.read(written, of: name, with: configuration)
      #expect(again.versions.map(\.version) == listing.versions.map(\.version))
    }
    await replay([#"{"dl":"https://f/{prefix}/{crate}","api":"https://h"}"#.bytes]) { bytes in
      let read = try CrateIndexConfiguration(reading: bytes)
      _ = read.address(of: name, version: "1", checksum: sum)
    }
  }
}
