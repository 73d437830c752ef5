import BlobEngine
import Bytes
import Catalog
import FormatRules
import Repository
import Testing

@Suite("Project pages")
struct ProjectPageTests {
  private static let down = ExternalFailure(.failing(status: 503), "the index fails")

  @Test func `what the index says of a file reaches the client of a downstream repository`()
    async throws
  {
    let fixture = try await ContentFixture()
    fixture.offer("Pkg-1.0+cpu-py3-none-any.whl", of: "pkg", yank: .yanked(reason: "broken"))
    let page = try #require(try await fixture.page("pkg", in: "app"))
    let file = try #require(page.page.files.first)
    #expect(page.page.name == "pkg")
    #expect(page.page.versions == ["1.0+cpu"])
    #expect(file.url == "1.0%2Bcpu/Pkg-1.0%2Bcpu-py3-none-any.whl")
    #expect(file.requiresPython == ">=3.8")
    #expect(file.uploadTime?.text == "2024-05-01T12:00:00.123456Z")
    #expect(file.yank == .yanked(reason: "broken"))
    #expect(file.hashes["sha256"]?.count == 64)
    #expect(page.staleness == nil)
    try await fixture.close()
  }

  @Test func `a downloaded file keeps its time and mark, and follows the index's mark`()
    async throws
  {
    let fixture = try await ContentFixture()
    fixture.offer("pkg-1.0.tar.gz", of: "pkg")
    _ = try await fixture.download("pkg-1.0.tar.gz", of: "pkg", in: "app")
    fixture.offer(
      [("pkg-1.0.tar.gz", nil, .yanked(reason: nil))],
      of: "pkg",
      etag: "\"2\""
    )
    fixture.clock.advance(by: .seconds(31 * 60))
    let file = try #require(try await fixture.page("pkg", in: "app")?.page.files.first)
    #expect(file.yank == .yanked(reason: nil))
    #expect(file.uploadTime?.text == "2024-05-01T12:00:00.123456Z")
    try await fixture.close()
  }

  @Test func `the first repository on the way that has a version decides about it`() async throws {
    let fixture = try await ContentFixture()
    fixture.offer(
      [("pkg-1.0.tar.gz", nil, .none), ("pkg-2.0.tar.gz", nil, .none)],
      of: "pkg"
    )
    try await fixture.put("pkg-1.0.zip", of: "pkg", version: "1.0", into: "team")
    try await fixture.put("pkg-1.0-py3-none-any.whl", of: "pkg", version: "1.0", into: "lab")
    try await fixture.put("pkg-3.0.tar.gz", of: "pkg", version: "3.0", into: "lab")
    #expect(
      try await fixture.names("pkg", in: "app")
        == ["pkg-1.0.zip", "pkg-2.0.tar.gz", "pkg-3.0.tar.gz"]
    )
    try await fixture.close()
  }

  @Test func `versions are one when PEP 440 says so`() async throws {
    let fixture = try await ContentFixture()
    fixture.offer("pkg-1.0.0.tar.gz", of: "pkg")
    try await fixture.put("pkg-1.0.zip", of: "pkg", version: "1.0", into: "app")
    #expect(try await fixture.names("pkg", in: "app") == ["pkg-1.0.zip"])
    try await fixture.close()
  }

  @Test func `an external version gains the files that the index adds`() async throws {
    let fixture = try await ContentFixture()
    fixture.offer("pkg-1.0.tar.gz", of: "pkg")
    _ = try await fixture.download("pkg-1.0.tar.gz", of: "pkg", in: "app")
    fixture.offer(
      [("pkg-1.0.tar.gz", nil, .none), ("pkg-1.0-py3-none-any.whl", nil, .none)],
      of: "pkg",
      etag: "\"2\""
    )
    fixture.clock.advance(by: .seconds(31 * 60))
    #expect(
      try await fixture.names("pkg", in: "app") == ["pkg-1.0.tar.gz", "pkg-1.0-py3-none-any.whl"]
    )
    try await fixture.close()
  }

  @Test func `what a publisher adds to a version elsewhere is not mixed into one from outside`()
    async throws
  {
    let fixture = try await ContentFixture()
    fixture.offer(
      [("pkg-1.0.tar.gz", nil, .none), ("pkg-1.0.zip", nil, .none)],
      of: "pkg"
    )
    try await fixture.put(
      "pkg-1.0.tar.gz",
      of: "pkg",
      version: "1.0",
      into: "app",
      origin: .ingested(externalConnection: "public:pypi")
    )
    #expect(try await fixture.names("pkg", in: "app") == ["pkg-1.0.tar.gz", "pkg-1.0.zip"])
    try await fixture.put(
      "pkg-1.0-py3-none-any.whl",
      of: "pkg",
      version: "1.0",
      into: "team"
    )
    #expect(try await fixture.names("pkg", in: "app") == ["pkg-1.0.tar.gz"])
    try await fixture.close()
  }

  @Test func `status decides what is listed and what can be had`() async throws {
    let fixture = try await ContentFixture()
    for (version, status) in [
      ("1.0", VersionStatus.published), ("2.0", .unlisted), ("3.0", .archived),
      ("4.0", .disposed),
    ] {
      try await fixture.put(
        "pkg-\(version).tar.gz",
        of: "pkg",
        version: version,
        into: "lab",
        status: status
      )
    }
    fixture.offer("pkg-3.0.tar.gz", of: "pkg")
    try await fixture.create("both", upstreams: ["lab", "store"])
    #expect(try await fixture.names("pkg", in: "both") == ["pkg-1.0.tar.gz"])
    for (version, isThere) in [("1.0", true), ("2.0", true), ("3.0", false), ("4.0", false)] {
      for repository in ["lab", "both"] {
        let bytes = try await fixture.download(
          "pkg-\(version).tar.gz",
          of: "pkg",
          in: repository
        )
        #expect((bytes != nil) == isThere, "\(version) in \(repository)")
      }
    }
    try await fixture.close()
  }

  @Test func `a package with upstream at BLOCK shows only what is stored`() async throws {
    let fixture = try await ContentFixture()
    fixture.offer("pkg-2.0.tar.gz", of: "pkg")
    try await fixture.put(
      "pkg-1.0.tar.gz",
      of: "pkg",
      version: "1.0",
      into: "team",
      restrictions: OriginRestrictions(publish: .allow, upstream: .block)
    )
    #expect(try await fixture.names("pkg", in: "app") == ["pkg-1.0.tar.gz"])
    #expect(try await fixture.find("pkg-2.0.tar.gz", of: "pkg", in: "app") == nil)
    #expect(try await fixture.names("pkg", in: "store") == ["pkg-2.0.tar.gz"])
    try await fixture.close()
  }

  @Test func `the search ends after the permitted number of repositories`() async throws {
    let fixture = try await ContentFixture()
    try await fixture.put("pkg-1.0.tar.gz", of: "pkg", version: "1.0", into: "lab")
    var below = "lab"
    for level in 1...24 {
      try await fixture.create("level\(level)", upstreams: [below])
      below = "level\(level)"
    }
    #expect(try await fixture.names("pkg", in: "level24") == ["pkg-1.0.tar.gz"])
    try await fixture.create("level25", upstreams: ["level24"])
    #expect(try await fixture.names("pkg", in: "level25") == nil)
    try await fixture.close()
  }

  @Test func `a repository that does not exist is not found, and a project neither`() async throws {
    let fixture = try await ContentFixture()
    #expect(try await fixture.page("nothing", in: "app") == nil)
    let error = await #expect(throws: RepositoryError.self) {
      try await fixture.page("pkg", in: "nowhere")
    }
    #expect(error?.code == .notFound)
    #expect(error?.resourceType == .repository)
    try await fixture.close()
  }

  @Test func `a page is asked for once while it is fresh, and then conditionally`() async throws {
    let fixture = try await ContentFixture()
    fixture.offer("pkg-1.0.tar.gz", of: "pkg")
    let first = try await fixture.page("pkg", in: "app")
    _ = try await fixture.page("pkg", in: "team")
    #expect(fixture.source.counts.documents == 1)
    fixture.clock.advance(by: .seconds(31 * 60))
    let second = try await fixture.page("pkg", in: "app")
    #expect(fixture.source.counts == .init(documents: 2, notModified: 1))
    #expect(first?.stamp == second?.stamp)
    _ = try await fixture.page("pkg", in: "app")
    #expect(fixture.source.counts.documents == 2)
    try await fixture.close()
  }

  @Test func `an absent project is absent for a little while without asking again`() async throws {
    let fixture = try await ContentFixture()
    #expect(try await fixture.page("pkg", in: "app") == nil)
    #expect(try await fixture.page("pkg", in: "app") == nil)
    #expect(fixture.source.counts.documents == 1)
    fixture.offer("pkg-1.0.tar.gz", of: "pkg")
    fixture.clock.advance(by: .seconds(61))
    #expect(try await fixture.names("pkg", in: "app") == ["pkg-1.0.tar.gz"])
    try await fixture.close()
  }

  @Test(arguments: [
    ExternalFailure(.unreachable, "no connection"),
    ExternalFailure(.throttled, "later", retryAfter: .seconds(60)),
    ExternalFailure(.failing(status: 500), "a failure"),
    ExternalFailure(.timedOut, "too slow"),
  ])
  func `an old page is served while the index fails, and says how old it is`(
    failure: ExternalFailure
  ) async throws {
    let fixture = try await ContentFixture()
    fixture.offer("pkg-1.0.tar.gz", of: "pkg")
    _ = try await fixture.page("pkg", in: "app")
    fixture.source.fail(failure)
    fixture.clock.advance(by: .seconds(3600))
    let page = try #require(try await fixture.page("pkg", in: "app"))
    #expect(page.page.files.map(\.fileName) == ["pkg-1.0.tar.gz"])
    #expect(page.staleness == .seconds(3600))
    _ = try await fixture.page("pkg", in: "app")
    #expect(fixture.source.counts.documents == 2, "a failed index is left alone for a moment")
    fixture.source.fail(nil)
    fixture.clock.advance(by: .seconds(11))
    #expect(try await fixture.page("pkg", in: "app")?.staleness == nil)
    try await fixture.close()
  }

  @Test func `an old page is served while the index is slow, and the answer still counts`()
    async throws
  {
    let fixture = try await ContentFixture()
    fixture.offer("pkg-1.0.tar.gz", of: "pkg")
    _ = try await fixture.page("pkg", in: "app")
    fixture.offer([("pkg-2.0.tar.gz", nil, .none)], of: "pkg", etag: "\"2\"")
    let gate = Gate()
    fixture.source.hold(gate)
    fixture.clock.advance(by: .seconds(3600))
    async let page = fixture.page("pkg", in: "app")
    await gate.someoneWaits()
    await fixture.clock.someoneSleeps()
    fixture.clock.advance(by: ContentFixture.patience)
    #expect(try await page?.page.files.map(\.fileName) == ["pkg-1.0.tar.gz"])
    #expect(try await page?.staleness == .seconds(3660))
    gate.open()
    while try await fixture.names("pkg", in: "app") != ["pkg-2.0.tar.gz"] { await Task.yield() }
    #expect(fixture.source.counts.documents == 2)
    try await fixture.close()
  }

  @Test func `nothing known and nobody to ask is no answer`() async throws {
    let fixture = try await ContentFixture()
    fixture.source.fail(Self.down)
    let error = await #expect(throws: RepositoryError.self) {
      try await fixture.page("pkg", in: "app")
    }
    #expect(error?.code == .upstreamUnavailable)
    #expect(error?.retryAfter != nil)
    #expect(error?.cause as? ExternalFailure == Self.down)
    try await fixture.put("pkg-1.0.tar.gz", of: "pkg", version: "1.0", into: "lab")
    #expect(
      try await fixture.names("pkg", in: "app") == ["pkg-1.0.tar.gz"],
      "what a repository has is shown whoever fails"
    )
    try await fixture.close()
  }

  @Test func `many at once ask the index once`() async throws {
    let fixture = try await ContentFixture()
    fixture.offer("pkg-1.0.tar.gz", of: "pkg")
    let gate = Gate()
    fixture.source.hold(gate)
    try await withThrowingTaskGroup(of: [String]?.self) { group in
      for _ in 0..<50 { group.addTask { try await fixture.names("pkg", in: "app") } }
      await gate.someoneWaits()
      gate.open()
      for try await names in group { #expect(names == ["pkg-1.0.tar.gz"]) }
    }
    #expect(fixture.source.counts.documents == 1)
    try await fixture.close()
  }

  @Test func `what was seen once outlives the process, and needs no index`() async throws {
    let fixture = try await ContentFixture()
    fixture.offer("pkg-1.0.tar.gz", of: "pkg")
    let first = try await fixture.page("pkg", in: "app")
    let bytes = try await fixture.download("pkg-1.0.tar.gz", of: "pkg", in: "app")
    let source = ScriptedSource()
    source.fail(Self.down)
    fixture.clock.advance(by: .seconds(86_400))
    let depot = try Depot(
      catalog: fixture.catalog,
      blobs: fixture.blobs,
      external: source,
      clock: fixture.clock,
      masterKey: [UInt8](repeating: 7, count: 32),
      options: DepotOptions(region: "here")
    )
    let page = try await depot.projectPage("pkg", in: fixture.path("app"))
    #expect(page?.page.files.map(\.fileName) == first?.page.files.map(\.fileName))
    guard
      case .stored(let file) = try await depot.projectFile(
        "pkg-1.0.tar.gz",
        of: "pkg",
        version: "1.0",
        in: fixture.path("app")
      )
    else {
      Issue.record("the file is stored")
      return
    }
    #expect(try await fixture.blobs.get(file.key) == bytes)
    try await fixture.close()
  }

  @Test func `a change is seen by the next request, and changes the stamp`() async throws {
    let fixture = try await ContentFixture()
    try await fixture.put("pkg-1.0.tar.gz", of: "pkg", version: "1.0", into: "lab")
    let first = try #require(try await fixture.page("pkg", in: "app"))
    try await fixture.put("other-1.0.tar.gz", of: "other", version: "1.0", into: "lab")
    #expect(try await fixture.page("pkg", in: "app")?.stamp == first.stamp)
    try await fixture.put("pkg-1.1.tar.gz", of: "pkg", version: "1.1", into: "lab")
    let second = try #require(try await fixture.page("pkg", in: "app"))
    #expect(second.page.versions == ["1.0", "1.1"])
    #expect(second.stamp != first.stamp)
    _ = try await fixture.depot.updateRepository(fixture.path("app"), upstreams: ["team"])
    #expect(try await fixture.page("pkg", in: "app") == nil)
    try await fixture.close()
  }
}

extension ScriptedSource.Counts {
  init(documents: Int, notModified: Int) {
    self.init()
    self.documents = documents
    self.notModified = notModified
  }
}
