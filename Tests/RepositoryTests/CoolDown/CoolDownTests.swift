import BlobEngine
import Bytes
import Catalog
import Codec
import FormatRules
import Repository
import Testing

@Suite("Cool-down", .timeLimit(.minutes(10)))
struct CoolDownTests {
  private static let package = PackageCoordinates(format: .cargo, name: "thing")
  private static let day = Duration.seconds(86_400)

  /// Runs a test where repository `crates` has the connection, and `build` has it as upstream.
  private func withFixture(_ body: (ContentFixture) async throws -> Void) async throws {
    let fixture = try await ContentFixture(formats: [TimedLinesFormat()])
    try await fixture.create("crates")
    _ = try await fixture.depot.associateExternalConnection(
      "public:crates-io",
      with: fixture.path("crates")
    )
    try await fixture.create("build", upstreams: ["crates"])
    try await body(fixture)
    try await fixture.close()
  }

  /// Lists versions with the ages that the registry states, in days; nil for one that it does not.
  private func offer(_ versions: [(String, days: Int64?)], _ fixture: ContentFixture) {
    var text = ""
    for (version, days) in versions {
      let name = "thing-\(version).crate"
      let bytes = Array(version.utf8)
      let time = days.map { fixture.clock.now() + Self.day * Int(-$0) }
      text += "\(version) \(SHA256Stream.digest(of: bytes.span).hexadecimal) "
      text += (time.map { String($0.microseconds) } ?? "-") + "\n"
      fixture.source.serve(ScriptedSource.File(bytes: bytes), at: ScriptedSource.filesBase + name)
    }
    fixture.source.answer(ScriptedSource.base + "lines/thing", .bytes(Array(text.utf8)))
  }

  private func setRule(
    _ rule: CoolDownRule?,
    of repository: String = "build",
    _ fixture: ContentFixture
  ) async throws {
    _ = try await fixture.depot.changeSettings(of: fixture.path(repository)) { settings in
      settings.coolDown = rule
    }
  }

  private func versions(
    in repository: String = "build",
    _ fixture: ContentFixture
  ) async throws -> [String] {
    let found = try await fixture.depot.package(Self.package, in: fixture.path(repository))
    return try #require(found).listing.versions.map(\.version)
  }

  private func stamp(_ fixture: ContentFixture) async throws -> SHA256Digest {
    let found = try await fixture.depot.package(Self.package, in: fixture.path("build"))
    return try #require(found).stamp
  }

  private func download(
    _ version: String,
    from repository: String = "build",
    _ fixture: ContentFixture
  ) async throws -> [UInt8]? {
    let found = try await fixture.depot.packageFile(
      "thing-\(version).crate",
      of: Self.package,
      version: version,
      in: fixture.path(repository)
    )
    switch found {
    case nil: return nil
    case .stored(let file): return try await fixture.blobs.get(file.key)
    case .arriving(let file): return try await ContentFixture.take(file)
    }
  }

  private func refusal(
    _ version: String,
    from repository: String = "build",
    _ fixture: ContentFixture
  ) async -> RepositoryError? {
    do throws(any Error) {
      _ = try await download(version, from: repository, fixture)
      return nil
    } catch { return error as? RepositoryError }
  }

  @Test func `a young version is left out, its file refused with a reason, until it is old enough`()
    async throws
  {
    try await withFixture { fixture in
      offer([("1.0.0", days: 100), ("1.1.0", days: 1)], fixture)
      try await setRule(CoolDownRule(age: Self.day * 7), fixture)
      #expect(try await versions(fixture) == ["1.0.0"])
      #expect(try await download("1.0.0", fixture) == Array("1.0.0".utf8))
      let refusal = try #require(await refusal("1.1.0", fixture))
      #expect(refusal.code == .accessDenied)
      #expect(refusal.message.contains("cargo/thing@1.1.0 is held back"))
      #expect(refusal.message.contains("it opens at 2023-11-20T22:13:20Z"))
      #expect(refusal.message.contains("--repository build --release cargo/thing@1.1.0"))

      let before = try await stamp(fixture)
      fixture.clock.advance(by: Self.day * 6 - .microseconds(1))
      #expect(try await stamp(fixture) == before)
      fixture.clock.advance(by: .microseconds(1))
      #expect(try await versions(fixture) == ["1.0.0", "1.1.0"])
      #expect(try await stamp(fixture) != before)
      #expect(try await download("1.1.0", fixture) == Array("1.1.0".utf8))
    }
  }

  @Test func `documents change when something opens though the registry does not answer`()
    async throws
  {
    try await withFixture { fixture in
      offer([("1.0.0", days: 2), ("1.1.0", days: 1)], fixture)
      try await setRule(CoolDownRule(age: Self.day * 3), fixture)
      #expect(try await versions(fixture) == [])
      fixture.source.fail(ExternalFailure(.unreachable, "cut off"))
      fixture.clock.advance(by: Self.day)
      #expect(try await versions(fixture) == ["1.0.0"])
      fixture.clock.advance(by: Self.day)
      #expect(try await versions(fixture) == ["1.0.0", "1.1.0"])
    }
  }

  @Test func `a version that appears in a known package counts from then, whatever it states`()
    async throws
  {
    try await withFixture { fixture in
      offer([("1.0.0", days: 100)], fixture)
      // Nobody has a rule yet; the clock runs.
      #expect(try await versions(fixture) == ["1.0.0"])
      fixture.clock.advance(by: Self.day)
      offer([("1.0.0", days: 101), ("1.0.1", days: 90)], fixture)
      #expect(try await versions(fixture) == ["1.0.0", "1.0.1"])
      try await setRule(CoolDownRule(age: Self.day * 7), fixture)
      #expect(try await versions(fixture) == ["1.0.0"])
      fixture.clock.advance(by: Self.day * 7)
      #expect(try await versions(fixture) == ["1.0.0", "1.0.1"])
    }
  }

  @Test func `of what a registry states no time, the met count from now, and that is remembered`()
    async throws
  {
    try await withFixture { fixture in
      offer([("1.0.0", days: nil)], fixture)
      try await setRule(CoolDownRule(age: Self.day * 7), fixture)
      #expect(try await versions(fixture) == [])
      fixture.clock.advance(by: Self.day * 3)
      offer([("1.0.0", days: nil), ("1.1.0", days: nil)], fixture)
      #expect(try await versions(fixture) == [])
      fixture.clock.advance(by: Self.day * 4)
      #expect(try await versions(fixture) == ["1.0.0"])
      fixture.clock.advance(by: Self.day * 3)
      #expect(try await versions(fixture) == ["1.0.0", "1.1.0"])
    }
  }

  @Test func `a version that is released opens alone, and at once`() async throws {
    try await withFixture { fixture in
      offer([("1.0.0", days: 0), ("1.1.0", days: 0)], fixture)
      var rule = CoolDownRule(age: Self.day * 7)
      try await setRule(rule, fixture)
      #expect(await refusal("1.1.0", fixture)?.code == .accessDenied)
      rule.released = [VersionCoordinates(Self.package, "1.1.0")]
      try await setRule(rule, fixture)
      #expect(try await versions(fixture) == ["1.1.0"])
      #expect(try await download("1.1.0", fixture) == Array("1.1.0".utf8))
      #expect(await refusal("1.0.0", fixture)?.code == .accessDenied)
    }
  }

  @Test
  func `what a repository holds stays when a rule is switched on, what it does not is refused`()
    async throws
  {
    try await withFixture { fixture in
      offer([("1.0.0", days: 0), ("1.1.0", days: 0)], fixture)
      #expect(try await download("1.0.0", fixture) != nil)
      // The way to it is in memory now.
      #expect(try await download("1.0.0", fixture) != nil)
      try await setRule(CoolDownRule(age: Self.day * 7), fixture)
      #expect(try await versions(fixture) == ["1.0.0"])
      #expect(try await download("1.0.0", fixture) != nil)
      #expect(await refusal("1.1.0", fixture)?.code == .accessDenied)
    }
  }

  @Test func `what an upstream got before is held back by the rule of who asks`() async throws {
    try await withFixture { fixture in
      offer([("1.0.0", days: 0)], fixture)
      #expect(try await download("1.0.0", from: "crates", fixture) != nil)
      try await setRule(CoolDownRule(age: Self.day), fixture)
      #expect(try await versions(in: "crates", fixture) == ["1.0.0"])
      #expect(try await versions(fixture) == [])
      #expect(await refusal("1.0.0", fixture)?.code == .accessDenied)
      fixture.clock.advance(by: Self.day)
      #expect(try await download("1.0.0", fixture) != nil)
    }
  }

  @Test func `the rule of the repository with the connection binds all who reach through it`()
    async throws
  {
    try await withFixture { fixture in
      offer([("1.0.0", days: 3)], fixture)
      try await setRule(CoolDownRule(age: Self.day * 5), of: "crates", fixture)
      try await setRule(CoolDownRule(age: Self.day * 4), fixture)
      #expect(try await versions(fixture) == [])
      fixture.clock.advance(by: Self.day)
      #expect(try await versions(fixture) == [])
      #expect(await refusal("1.0.0", fixture)?.message.contains("repository crates") == true)
      fixture.clock.advance(by: Self.day)
      #expect(try await versions(fixture) == ["1.0.0"])
    }
  }

  @Test func `a freeze shows a package as it was then, for as long as it lasts`() async throws {
    try await withFixture { fixture in
      offer([("1.0.0", days: 5), ("1.1.0", days: 1)], fixture)
      let then = fixture.clock.now() + Self.day * -2
      try await setRule(CoolDownRule(freezeAt: then), fixture)
      let frozen = try await stamp(fixture)
      #expect(try await versions(fixture) == ["1.0.0"])
      fixture.clock.advance(by: Self.day * 50)
      offer([("1.0.0", days: 55), ("1.1.0", days: 51), ("0.9.0", days: 60)], fixture)
      #expect(try await stamp(fixture) == frozen)
      #expect(await refusal("1.1.0", fixture)?.message.contains("is frozen at 2023-11-12") == true)
      try await setRule(nil, fixture)
      #expect(try await versions(fixture) == ["1.0.0", "1.1.0", "0.9.0"])
    }
  }

  @Test func `what is published here is nobody's to hold back`() async throws {
    try await withFixture { fixture in
      offer([("1.0.0", days: 0)], fixture)
      try await setRule(CoolDownRule(age: Self.day), fixture)
      let upload = try await fixture.depot.makeUpload(into: fixture.path("crates"))
      try await upload.write([1])
      let file = VersionPublication.File(
        name: "other-1.0.0.crate",
        staged: try await upload.finish()
      )
      let own = PackageCoordinates(format: .cargo, name: "other")
      _ = try await fixture.depot.publish(
        VersionPublication(
          repository: fixture.path("crates"),
          package: own,
          displayName: "other",
          version: "1.0.0",
          metadata: .object([]),
          files: [file]
        )
      )
      let found = try await fixture.depot.package(own, in: fixture.path("build"))
      #expect(found?.listing.versions.map(\.version) == ["1.0.0"])
    }
  }

  @Test func `a version that is held back cannot be published over`() async throws {
    try await withFixture { fixture in
      offer([("1.0.0", days: 0)], fixture)
      try await setRule(CoolDownRule(age: Self.day), fixture)
      // Somebody asked for it before: a new name is told to nobody when it is published.
      #expect(try await versions(fixture) == [])
      let upload = try await fixture.depot.makeUpload(into: fixture.path("build"))
      try await upload.write([1])
      let file = VersionPublication.File(
        name: "thing-1.0.0.crate",
        staged: try await upload.finish()
      )
      let publication = VersionPublication(
        repository: fixture.path("build"),
        package: Self.package,
        displayName: "thing",
        version: "1.0.0",
        metadata: .object([]),
        files: [file]
      )
      await #expect {
        _ = try await fixture.depot.publish(publication)
      } throws: { ($0 as? RepositoryError)?.code == .conflict }
    }
  }

  @Test func `of ten thousand versions, only what is new is written`() async throws {
    try await withFixture { fixture in
      var listed = (0..<10_000).map { ("1.\($0).0", days: Int64?.some(100)) }
      let key = SightingKey(connection: .cratesIO, package: Self.package)
      for rows in [1, 1, 2] {
        offer(listed, fixture)
        let start = ContinuousClock.now
        #expect(try await versions(fixture).count == listed.count)
        print("\(listed.count) versions, \(rows) sightings: \(ContinuousClock.now - start)")
        await fixture.depot.settle()
        let sightings = try await fixture.catalog.read { snapshot throws(CatalogError) in
          try snapshot.sightings(of: key)
        }
        #expect(sightings.count == rows)
        #expect(sightings.last?.times.count == (rows == 1 ? 10_000 : 1))
        fixture.clock.advance(by: .seconds(3600))
        if rows == 1, fixture.source.count(of: ScriptedSource.base + "lines/thing") == 2 {
          listed.append(("2.0.0", days: 0))
        }
      }
    }
  }

  @Test func `a Python project's files count one by one`() async throws {
    let fixture = try await ContentFixture()
    fixture.offer([("pkg-1.0.tar.gz", nil, .none)], of: "pkg")
    #expect(try await fixture.names("pkg", in: "app") == ["pkg-1.0.tar.gz"])
    fixture.clock.advance(by: Self.day)
    fixture.offer(
      [("pkg-1.0.tar.gz", nil, .none), ("pkg-1.0-py3-none-any.whl", nil, .none)],
      of: "pkg",
      etag: "\"2\""
    )
    try await setRule(CoolDownRule(age: Self.day), of: "store", fixture)
    #expect(try await fixture.names("pkg", in: "app") == ["pkg-1.0.tar.gz"])
    let held = "pkg-1.0-py3-none-any.whl"
    await #expect {
      _ = try await fixture.download(held, of: "pkg", in: "app")
    } throws: { ($0 as? RepositoryError)?.code == .accessDenied }
    await #expect {
      _ = try await fixture.depot.coreMetadata(
        of: held,
        project: "pkg",
        version: nil,
        in: fixture.path("app")
      )
    } throws: { ($0 as? RepositoryError)?.code == .accessDenied }
    try await setRule(
      CoolDownRule(
        age: Self.day,
        released: [VersionCoordinates(PackageCoordinates(format: .pypi, name: "pkg"), "1.0")]
      ),
      of: "store",
      fixture
    )
    #expect(try await fixture.names("pkg", in: "app")?.count == 2)
    try await setRule(CoolDownRule(age: Self.day), of: "store", fixture)
    fixture.clock.advance(by: Self.day)
    #expect(try await fixture.download(held, of: "pkg", in: "app") != nil)
    try await fixture.close()
  }

  @Test func `what an upstream keeps of a Python project waits for the rule of who asks`()
    async throws
  {
    let fixture = try await ContentFixture()
    fixture.offer([("pkg-1.0.tar.gz", nil, .none)], of: "pkg")
    _ = try await fixture.download("pkg-1.0.tar.gz", of: "pkg", in: "store")
    try await setRule(CoolDownRule(age: Self.day), of: "app", fixture)
    #expect(try await fixture.names("pkg", in: "app") == [])
    #expect(try await fixture.names("pkg", in: "store") == ["pkg-1.0.tar.gz"])
    fixture.clock.advance(by: Self.day)
    #expect(try await fixture.names("pkg", in: "app") == ["pkg-1.0.tar.gz"])
    try await fixture.close()
  }
}

/// A registry whose documents are lines: version, SHA-256, and the time of publishing in
/// microseconds or a dash.
struct TimedLinesFormat: ExternalFormat {
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
      let name = "\(package.name)-\(words[0]).crate"
      return ListedVersion(
        version: words[0],
        publishedAt: Int64(words[2]).map(UploadTime.init(microseconds:)),
        files: [
          ListedFile(
            name: name,
            address: ScriptedSource.filesBase + name,
            hashes: ["sha256": words[1]]
          )
        ]
      )
    }
    return PackageListing(name: package.name, versions: versions)
  }
}
