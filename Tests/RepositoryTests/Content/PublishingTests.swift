import BlobEngine
import Bytes
import Catalog
import Codec
import FormatRules
import Repository
import Testing

@Suite("Publishing")
struct PublishingTests {
  private static let metadata = """
    Metadata-Version: 2.1
    Name: My.Pkg
    Version: 1.0
    Summary: A small thing
    Requires-Python: >=3.9
    License: MIT

    Words.
    """
  private static let wheel = "my_pkg-1.0-py3-none-any.whl"

  private func upload(
    _ bytes: [UInt8],
    _ file: String,
    of project: String = "My.Pkg",
    version: String = "1.0",
    to repository: String = "lab",
    declaring declared: DeclaredDigests = DeclaredDigests(),
    _ fixture: ContentFixture
  ) async throws -> PublishedAsset {
    let upload = try await fixture.depot.makeUpload(
      into: fixture.path(repository),
      alsoBLAKE2b: true
    )
    for start in stride(from: 0, to: bytes.count, by: 1000) {
      try await upload.write(Array(bytes[start..<min(start + 1000, bytes.count)]))
    }
    let staged = try await upload.finish(verifying: declared)
    return try await fixture.depot.publish(
      staged,
      as: ProjectUpload(
        repository: fixture.path(repository),
        project: project,
        version: version,
        fileName: file
      )
    )
  }

  private func expect(
    _ code: RepositoryError.Code,
    _ body: () async throws -> PublishedAsset
  ) async -> RepositoryError? {
    let error = await #expect(throws: RepositoryError.self) { _ = try await body() }
    #expect(error?.code == code)
    return error
  }

  @Test func `a wheel is listed with its metadata beside it, exactly as it is inside`()
    async throws
  {
    let fixture = try await ContentFixture()
    let bytes = TinyWheel.bytes(Self.metadata, folder: "my_pkg-1.0")
    let published = try await upload(bytes, Self.wheel, fixture)
    #expect(published.wasAdded)
    #expect(published.version.displayName == "My.Pkg")
    #expect(published.version.origin == .published(repository: "lab"))
    #expect(published.version.metadata.contains(#""summary":"A small thing""#))
    let file = try #require(try await fixture.page("my-pkg", in: "app")?.page.files.first)
    #expect(file.requiresPython == ">=3.9")
    #expect(file.uploadTime?.microseconds == fixture.clock.now().microseconds)
    let beside = try #require(
      try await fixture.depot.coreMetadata(
        of: Self.wheel,
        project: "my-pkg",
        version: "1.0",
        in: fixture.path("app")
      )
    )
    #expect(try await fixture.blobs.get(beside.key) == Array(Self.metadata.utf8))
    #expect(file.coreMetadata == .available(hashes: ["sha256": beside.key.hexadecimal]))
    #expect(try await fixture.download(Self.wheel, of: "my-pkg", in: "app") == bytes)
    try await fixture.close()
  }

  @Test func `the same bytes again are a success, other bytes a conflict`() async throws {
    let fixture = try await ContentFixture()
    let bytes = sampleBytes(5000)
    _ = try await upload(bytes, "my_pkg-1.0.tar.gz", fixture)
    #expect(try await upload(bytes, "my_pkg-1.0.tar.gz", fixture).wasAdded == false)
    let error = await expect(.conflict) {
      try await upload(bytes + [1], "my_pkg-1.0.tar.gz", fixture)
    }
    #expect(error?.message.hasPrefix("File already exists") == true)
    #expect(try await fixture.download("my_pkg-1.0.tar.gz", of: "my-pkg", in: "lab") == bytes)
    try await fixture.close()
  }

  @Test func `a version takes more files later, also after upstream was closed to it`()
    async throws
  {
    let fixture = try await ContentFixture()
    _ = try await upload([1], "my_pkg-1.0.tar.gz", to: "app", fixture)
    let package = try await fixture.package("my-pkg", in: "app")
    #expect(package.restrictions == OriginRestrictions(publish: .allow, upstream: .block))
    let wheel = TinyWheel.bytes(Self.metadata, folder: "my_pkg-1.0")
    _ = try await upload(wheel, Self.wheel, to: "app", fixture)
    #expect(
      try await fixture.names("my-pkg", in: "app") == [Self.wheel, "my_pkg-1.0.tar.gz"]
    )
    try await fixture.close()
  }

  @Test func `digests that were declared must hold`() async throws {
    let fixture = try await ContentFixture()
    let bytes = sampleBytes(3000)
    let digests = AssetDigests(of: bytes)
    let right = DeclaredDigests(
      sha256: digests.sha256,
      md5: digests.md5,
      blake2b256: BLAKE2b256.digest(of: bytes.span)
    )
    for wrong in [
      DeclaredDigests(sha256: SHA256Stream.digest(of: [0].span)),
      DeclaredDigests(md5: [UInt8](repeating: 0, count: 16)),
      DeclaredDigests(blake2b256: [UInt8](repeating: 0, count: 32)),
    ] {
      _ = await expect(.validation) {
        try await upload(bytes, "my_pkg-1.0.tar.gz", declaring: wrong, fixture)
      }
    }
    #expect(try await fixture.blobs.stat(digests.sha256) == nil)
    _ = try await upload(bytes, "my_pkg-1.0.tar.gz", declaring: right, fixture)
    try await fixture.close()
  }

  @Test func `what can be had from outside or upstream cannot be published`() async throws {
    let fixture = try await ContentFixture()
    fixture.offer("my_pkg-1.0.0.zip", of: "my-pkg")
    // Somebody has looked at it through this server: that is known without asking.
    _ = try await fixture.page("my-pkg", in: "app")
    let error = await expect(.conflict) {
      try await upload([1], "my_pkg-1.0.tar.gz", to: "app", fixture)
    }
    #expect(error?.resourceType == .packageVersion)
    _ = try await upload([1], "my_pkg-2.0.tar.gz", version: "2.0", to: "app", fixture)
    #expect(fixture.source.counts.documents == 1)
    try await fixture.put("other-1.0.tar.gz", of: "other", version: "1.0", into: "lab")
    _ = await expect(.conflict) {
      try await upload([1], "other-1.0.zip", of: "other", to: "app", fixture)
    }
    try await fixture.close()
  }

  @Test func `where upstream is at ALLOW, its versions are looked up before publishing`()
    async throws
  {
    let fixture = try await ContentFixture()
    fixture.offer("my_pkg-1.0.0.zip", of: "my-pkg")
    try await fixture.put("my_pkg-0.1.tar.gz", of: "my-pkg", version: "0.1", into: "app")
    _ = await expect(.conflict) {
      try await upload([1], "my_pkg-1.0.tar.gz", to: "app", fixture)
    }
    #expect(fixture.source.counts.documents == 1)
    try await fixture.close()
  }

  @Test func `a name that is new is published without a word to anybody`() async throws {
    let fixture = try await ContentFixture()
    fixture.offer("my_pkg-1.0.0.zip", of: "my-pkg")
    _ = try await upload([1], "my_pkg-1.0.tar.gz", to: "app", fixture)
    #expect(try await fixture.names("my-pkg", in: "app") == ["my_pkg-1.0.tar.gz"])
    #expect(try await fixture.find("my_pkg-2.0.tar.gz", of: "my-pkg", in: "app") == nil)
    #expect(fixture.source.counts.documents == 0)
    try await fixture.close()
  }

  @Test func `a name that is private in one upstream is not asked for through another`()
    async throws
  {
    let fixture = try await ContentFixture()
    fixture.offer("my_pkg-9.0.tar.gz", of: "my-pkg")
    _ = try await upload([1], "my_pkg-1.0.tar.gz", to: "lab", fixture)
    #expect(try await fixture.names("my-pkg", in: "app") == ["my_pkg-1.0.tar.gz"])
    #expect(try await fixture.find("my_pkg-9.0.tar.gz", of: "my-pkg", in: "app") == nil)
    #expect(fixture.source.counts.documents == 0)
    try await fixture.close()
  }

  @Test func `with upstream at BLOCK the same version may be published`() async throws {
    let fixture = try await ContentFixture()
    fixture.offer("my_pkg-1.0.tar.gz", of: "my-pkg")
    try await fixture.put(
      "my_pkg-0.1.tar.gz",
      of: "my-pkg",
      version: "0.1",
      into: "app",
      restrictions: OriginRestrictions(publish: .allow, upstream: .block)
    )
    _ = try await upload([1], "my_pkg-1.0.tar.gz", to: "app", fixture)
    #expect(try await fixture.download("my_pkg-1.0.tar.gz", of: "my-pkg", in: "app") == [1])
    try await fixture.close()
  }

  @Test func `a package that came from outside takes no publishing`() async throws {
    let fixture = try await ContentFixture()
    fixture.offer("my_pkg-1.0.tar.gz", of: "my-pkg")
    _ = try await fixture.download("my_pkg-1.0.tar.gz", of: "my-pkg", in: "app")
    let error = await expect(.accessDenied) {
      try await upload([1], "my_pkg-9.tar.gz", version: "9", to: "app", fixture)
    }
    #expect(error?.resourceType == .package)
    try await fixture.close()
  }

  @Test func `while the index fails the check may miss, and publishing goes on`() async throws {
    let fixture = try await ContentFixture()
    fixture.source.fail(ExternalFailure(.unreachable, "no connection"))
    _ = try await upload([1], "my_pkg-1.0.tar.gz", to: "app", fixture)
    try await fixture.close()
  }

  @Test(arguments: [VersionStatus.archived, .disposed])
  func `a closed version takes nothing`(status: VersionStatus) async throws {
    let fixture = try await ContentFixture()
    try await fixture.put(
      "my_pkg-1.0.tar.gz",
      of: "my-pkg",
      version: "1.0",
      into: "lab",
      status: status
    )
    _ = await expect(.conflict) { try await upload([1], "my_pkg-1.0.zip", fixture) }
    try await fixture.close()
  }

  @Test func `names, form and metadata must agree`() async throws {
    let fixture = try await ContentFixture()
    _ = await expect(.validation) { try await upload([1], "other-1.0.tar.gz", fixture) }
    _ = await expect(.validation) {
      try await upload([1], "my_pkg-1.0.tar.gz", version: "1.1", fixture)
    }
    _ = await expect(.validation) { try await upload([1, 2, 3], Self.wheel, fixture) }
    let stranger = Self.metadata.replacing("Version: 1.0", with: "Version: 2.0")
    _ = await expect(.validation) {
      try await upload(
        TinyWheel.bytes(stranger, folder: "my_pkg-1.0"),
        Self.wheel,
        fixture
      )
    }
    #expect(try await fixture.page("my-pkg", in: "lab") == nil)
    try await fixture.close()
  }

  @Test func `generic packages are published without looking upstream`() async throws {
    let fixture = try await ContentFixture()
    for repository in ["lab", "app"] {
      let upload = try await fixture.depot.makeUpload(into: fixture.path(repository))
      try await upload.write([1, 2])
      let published = try await fixture.depot.publish(
        try await upload.finish(),
        as: AssetPublication(
          repository: fixture.path(repository),
          package: PackageCoordinates(format: .generic, namespace: "n", name: "p"),
          displayName: "p",
          version: "1",
          assetName: "a.bin"
        )
      )
      #expect(published.wasAdded)
    }
    try await fixture.close()
  }

  @Test func `a file larger than an asset may be is refused as it comes`() async throws {
    var options = ContentOptions()
    options.assetByteLimit = 10
    let fixture = try await ContentFixture(options: options)
    let upload = try await fixture.depot.makeUpload(into: fixture.path("lab"))
    try await upload.write([UInt8](repeating: 1, count: 10))
    let error = await #expect(throws: RepositoryError.self) { try await upload.write([1]) }
    #expect(error?.code == .tooLarge)
    await upload.cancel()
    try await fixture.close()
  }
}
