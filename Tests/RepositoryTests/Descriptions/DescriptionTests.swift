import ArchiveSamples
import Bytes
import Catalog
import FormatRules
import Repository
import Testing

/// What versions say of themselves when they were published here, and when they came through a
/// registry whose lists say less: it must be the same.
@Suite("Descriptions", .timeLimit(.minutes(10)))
struct DescriptionTests {
  /// One version of a format, as it is kept in either case.
  struct Sample: Sendable, CustomTestStringConvertible {
    var package: PackageCoordinates
    var version = "1.0.0"
    var files: [(name: String, bytes: [UInt8])]
    /// What a publisher's version has in its row.
    var published: JSONValue
    /// What one has that came through a registry.
    var listed: JSONValue
    var hasReadme = true

    var testDescription: String { package.description }
  }

  private func publish(
    _ sample: Sample,
    _ metadata: JSONValue,
    to repository: String,
    _ fixture: ContentFixture
  ) async throws {
    var files: [VersionPublication.File] = []
    for (name, bytes) in sample.files {
      let upload = try await fixture.depot.makeUpload(into: fixture.path(repository))
      try await upload.write(bytes)
      files.append(VersionPublication.File(name: name, staged: try await upload.finish()))
    }
    _ = try await fixture.depot.publish(
      VersionPublication(
        repository: fixture.path(repository),
        package: sample.package,
        displayName: sample.package.name,
        version: sample.version,
        metadata: metadata,
        files: files
      )
    )
  }

  private struct Said: Hashable {
    var description: VersionDescription
    var dependencies: [PackageDependency]
    var readme: String?
  }

  private func asked(
    _ sample: Sample,
    in repository: String,
    _ fixture: ContentFixture
  ) async throws -> Said {
    let (depot, path) = (fixture.depot, fixture.path(repository))
    let found = try await depot.describedVersion(sample.version, of: sample.package, in: path)
    var description = try await depot.description(of: found)
    (description.dependencies, description.readme) = ([], nil)
    let listing = try await depot.listPackageVersionDependencies(
      of: sample.version,
      sample.package,
      in: path
    )
    let readme = try? await depot.packageVersionReadme(
      of: sample.version,
      sample.package,
      in: path
    )
    return Said(
      description: description,
      dependencies: listing.dependencies.items,
      readme: readme?.readme
    )
  }

  @Test(arguments: [
    Samples.npm, Samples.maven, Samples.wheel, Samples.sdist, Samples.nuget, Samples.cargo,
    Samples.ruby, Samples.swift,
  ])
  func `a version says the same wherever it came from`(sample: Sample) async throws {
    let fixture = try await ContentFixture()
    try await publish(sample, sample.published, to: "lab", fixture)
    try await publish(sample, sample.listed, to: "team", fixture)
    let here = try await asked(sample, in: "lab", fixture)
    let there = try await asked(sample, in: "team", fixture)
    #expect(here == there)
    #expect(here.description.summary == "About it")
    #expect(here.description.licenses.first?.name == "MIT")
    #expect(here.dependencies.count == 2)
    #expect(here.readme == (sample.hasReadme ? "# Read me" : nil))
    // What was read once is remembered: the answer does not change.
    #expect(try await asked(sample, in: "team", fixture) == there)
    try await fixture.close()
  }

  @Test func `files that are not what they should be say nothing, and are no failure`()
    async throws
  {
    let fixture = try await ContentFixture()
    for var sample in [
      Samples.npm, Samples.maven, Samples.wheel, Samples.sdist, Samples.nuget, Samples.cargo,
      Samples.ruby, Samples.swift,
    ] {
      for index in sample.files.indices { sample.files[index].bytes = [1, 2, 3] }
      try await publish(sample, .object([]), to: "lab", fixture)
      let said = try await asked(sample, in: "lab", fixture)
      #expect(said.dependencies.isEmpty && said.readme == nil)
      #expect(said.description.summary == nil)
    }
    try await fixture.close()
  }

  @Test func `many dependencies come in pages that are bound to the version`() async throws {
    let fixture = try await ContentFixture()
    var sample = Samples.maven
    let all = (0..<2500).compactMap { PackageDependency(package: "p\($0)", requirement: nil) }
    var description = VersionDescription()
    description.dependencies = all
    sample.published = description.row
    try await publish(sample, sample.published, to: "lab", fixture)
    var seen: [PackageDependency] = []
    var token: String?
    var pages = 0
    repeat {
      let page = try await fixture.depot.listPackageVersionDependencies(
        of: sample.version,
        sample.package,
        in: fixture.path("lab"),
        token: token
      )
      seen += page.dependencies.items
      token = page.dependencies.nextToken
      pages += 1
    } while token != nil
    #expect(seen == all && pages == 3)
    await #expect {
      _ = try await fixture.depot.listPackageVersionDependencies(
        of: sample.version,
        sample.package,
        in: fixture.path("lab"),
        token: "made-up"
      )
    } throws: { ($0 as? RepositoryError)?.code == .validation }
    try await fixture.close()
  }
}
