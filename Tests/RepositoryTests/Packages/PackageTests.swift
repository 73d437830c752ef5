import BlobEngine
import Bytes
import Catalog
import Codec
import FormatRules
import Repository
import Testing

/// A registry whose documents are lines: version, file, SHA-256.
struct LinesFormat: ExternalFormat {
  let format = PackageFormat.cargo

  func canBeCalled(_ package: PackageCoordinates) -> Bool { true }

  func listing(
    of package: PackageCoordinates,
    from registry: ExternalRegistry
  ) async throws(ExternalFailure) -> PackageListing? {
    guard let document = try await registry.document("lines/\(package.name)") else { return nil }
    let lines = String(decoding: document.bytes, as: UTF8.self).split(separator: "\n")
    let versions = lines.map { line in
      let words = line.split(separator: " ").map(String.init)
      return ListedVersion(
        version: words[0],
        metadata: .object([JSONValue.Member("from", .string("outside"))]),
        isListed: !words.contains("yanked"),
        files: [
          ListedFile(
            name: words[1],
            address: ScriptedSource.filesBase + words[1],
            hashes: ["sha256": words[2]]
          )
        ]
      )
    }
    return PackageListing(
      name: package.name,
      versions: versions,
      attributes: .object([
        JSONValue.Member("tags", .object([JSONValue.Member("old", .string("1"))]))
      ])
    )
  }
}

@Suite("Packages of any format", .timeLimit(.minutes(10)))
struct PackageTests {
  private let package = PackageCoordinates(format: .cargo, name: "thing")

  /// Runs a test where repository `crates` has the connection, and `build` has it as upstream.
  private func withFixture(_ body: (ContentFixture) async throws -> Void) async throws {
    let fixture = try await ContentFixture(formats: [LinesFormat()])
    try await fixture.create("crates")
    _ = try await fixture.depot.associateExternalConnection(
      "public:crates-io",
      with: fixture.path("crates")
    )
    try await fixture.create("build", upstreams: ["crates"])
    try await body(fixture)
    try await fixture.close()
  }

  private func offer(_ lines: [(String, [UInt8], String)], _ fixture: ContentFixture) {
    var text = ""
    for (version, bytes, suffix) in lines {
      let name = "thing-\(version).crate"
      text += "\(version) \(name) \(SHA256Stream.digest(of: bytes.span).hexadecimal)\(suffix)\n"
      fixture.source.serve(ScriptedSource.File(bytes: bytes), at: ScriptedSource.filesBase + name)
    }
    fixture.source.answer(ScriptedSource.base + "lines/thing", .bytes(Array(text.utf8)))
  }

  private func publish(
    _ version: String,
    _ bytes: [UInt8],
    to repository: String,
    mustBeNew: Bool = false,
    _ fixture: ContentFixture
  ) async throws -> VersionRecord {
    let upload = try await fixture.depot.makeUpload(into: fixture.path(repository))
    try await upload.write(bytes)
    let file = VersionPublication.File(
      name: "thing-\(version).crate",
      staged: try await upload.finish()
    )
    return try await fixture.depot.publish(
      VersionPublication(
        repository: fixture.path(repository),
        package: package,
        displayName: "Thing",
        version: version,
        metadata: .object([JSONValue.Member("from", .string("here"))]),
        files: [file],
        mustBeNew: mustBeNew,
        amend: { _ in
          .object([JSONValue.Member("tags", .object([JSONValue.Member("new", .string(version))]))])
        }
      )
    )
  }

  private func download(
    _ version: String,
    from repository: String,
    _ fixture: ContentFixture
  ) async throws -> [UInt8]? {
    let found = try await fixture.depot.packageFile(
      "thing-\(version).crate",
      of: package,
      version: version,
      in: fixture.path(repository)
    )
    switch found {
    case nil: return nil
    case .stored(let file): return try await fixture.blobs.get(file.key)
    case .arriving(let file): return try await ContentFixture.take(file)
    }
  }

  @Test func `what is published is listed with its metadata, and downloads`() async throws {
    try await withFixture { fixture async throws in
      _ = try await publish("1.0.0", [1, 2, 3], to: "lab", fixture)
      let found = try await fixture.depot.package(package, in: fixture.path("app"))
      let listing = try #require(found?.listing)
      #expect(listing.name == "Thing")
      #expect(listing.versions.map(\.version) == ["1.0.0"])
      #expect(listing.versions[0].metadata["from"] == .string("here"))
      #expect(listing.attributes["tags"]?["new"] == .string("1.0.0"))
      #expect(try await download("1.0.0", from: "app", fixture) == [1, 2, 3])
      #expect(try await download("2.0.0", from: "app", fixture) == nil)
    }
  }

  @Test func `other bytes under a known name are a conflict, and so is a version that must be new`()
    async throws
  {
    try await withFixture { fixture async throws in
      _ = try await publish("1.0.0", [1], to: "lab", fixture)
      for (bytes, mustBeNew) in [([UInt8(2)], false), ([1], true)] {
        await #expect {
          _ = try await publish("1.0.0", bytes, to: "lab", mustBeNew: mustBeNew, fixture)
        } throws: { ($0 as? RepositoryError)?.code == .conflict }
      }
      _ = try await publish("1.0.0", [1], to: "lab", fixture)
      #expect(try await download("1.0.0", from: "lab", fixture) == [1])
    }
  }

  @Test func `a registry is read once, and what it has comes through and stays when it is gone`()
    async throws
  {
    try await withFixture { fixture async throws in
      offer([("1.0.0", [7, 7], ""), ("1.1.0", [8], " yanked")], fixture)
      let first = try await fixture.depot.package(package, in: fixture.path("build"))
      #expect(first?.listing.versions.map(\.isListed) == [true, false])
      #expect(first?.listing.versions.allSatisfy { $0.files[0].address == nil } == true)
      let again = try await fixture.depot.package(package, in: fixture.path("build"))
      #expect(again?.stamp == first?.stamp)
      #expect(fixture.source.count(of: ScriptedSource.base + "lines/thing") == 1)
      #expect(try await download("1.0.0", from: "build", fixture) == [7, 7])
      fixture.source.fail(ExternalFailure(.unreachable, "cut off"))
      #expect(try await download("1.0.0", from: "build", fixture) == [7, 7])
      #expect(try await download("1.0.0", from: "crates", fixture) == [7, 7])
      let offline = try await fixture.depot.package(package, in: fixture.path("build"))
      #expect(offline?.listing.versions.count == 2)
    }
  }

  @Test func `a digest that the registry did not promise is never served`() async throws {
    try await withFixture { fixture async throws in
      offer([("1.0.0", [7, 7], "")], fixture)
      fixture.source.serve(
        ScriptedSource.File(bytes: [6, 6]),
        at: ScriptedSource.filesBase + "thing-1.0.0.crate"
      )
      await #expect(throws: RepositoryError.self) {
        _ = try await download("1.0.0", from: "build", fixture)
      }
    }
  }

  @Test func `a file that the list does not have yet asks for the list once more`() async throws {
    try await withFixture { fixture async throws in
      offer([("1.0.0", [7], "")], fixture)
      let first = try await download("1.0.0", from: "build", fixture)
      #expect(first == [7])
      offer([("1.0.0", [7], ""), ("1.1.0", [8], "")], fixture)
      #expect(try await download("1.1.0", from: "build", fixture) == nil, "asked a moment ago")
      fixture.clock.advance(by: .seconds(11))
      #expect(try await download("1.1.0", from: "build", fixture) == [8])
      #expect(fixture.source.count(of: ScriptedSource.base + "lines/thing") == 2)
    }
  }

  @Test func `a package published here is never asked of a registry`() async throws {
    try await withFixture { fixture async throws in
      _ = try await publish("9.0.0", [9], to: "build", fixture)
      offer([("1.0.0", [7, 7], "")], fixture)
      let found = try await fixture.depot.package(package, in: fixture.path("build"))
      #expect(found?.listing.versions.map(\.version) == ["9.0.0"])
      #expect(try await download("1.0.0", from: "build", fixture) == nil)
      #expect(fixture.source.count(of: ScriptedSource.base + "lines/thing") == 0)
    }
  }

  @Test func `what is unlisted still downloads, what is removed does not, tags change alone`()
    async throws
  {
    try await withFixture { fixture async throws in
      let lab = fixture.path("lab")
      _ = try await publish("1.0.0", [1], to: "lab", fixture)
      _ = try await publish("2.0.0", [2], to: "lab", fixture)
      let before = try await fixture.depot.package(package, in: lab)
      _ = try await fixture.depot.amendVersion("1.0.0", of: package, in: lab) { version in
        version.status = .unlisted
        version.metadata = .object([JSONValue.Member("yanked", .bool(true))])
      }
      let after = try #require(try await fixture.depot.package(package, in: lab))
      #expect(after.stamp != before?.stamp)
      #expect(after.listing.versions.map(\.isListed) == [false, true])
      #expect(try await download("1.0.0", from: "lab", fixture) == [1])
      let tags = try await fixture.depot.amendPackage(package, in: lab) { _ in
        .object([JSONValue.Member("tags", .object([JSONValue.Member("next", .string("2.0.0"))]))])
      }
      #expect(tags?["tags"]?["next"] == .string("2.0.0"))
      #expect(try await fixture.depot.removeVersion("2.0.0", of: package, in: lab))
      #expect(try await download("2.0.0", from: "lab", fixture) == nil)
      #expect(try await fixture.depot.removeVersion("2.0.0", of: package, in: lab) == false)
    }
  }

  @Test func `names are those of the repository and its upstreams, in order`() async throws {
    try await withFixture { fixture async throws in
      _ = try await publish("1.0.0", [1], to: "lab", fixture)
      let names = try await fixture.depot.packageNames(
        .cargo,
        in: fixture.path("app"),
        prefix: "th",
        limit: 10
      )
      #expect(names == [package])
    }
  }
}
