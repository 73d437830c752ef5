import BlobEngine
import Bytes
import Catalog
import FormatRules
import Synchronization
import Testing

@testable import Repository

@Suite("A file on its way")
struct ArrivingFileTests {
  private static let wheel = "pkg-1.0-py3-none-any.whl"
  private static let address = ScriptedSource.filesBase + wheel

  @Test func `fifty clients cause one fetch, and all get the right bytes`() async throws {
    let fixture = try await ContentFixture()
    let gate = Gate()
    let bytes = fixture.offer(Self.wheel, of: "pkg", bytes: sampleBytes(3 << 20)) {
      $0.gate = (1 << 20, gate)
    }
    try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
      for client in 0..<50 {
        let repository = ["app", "team", "store"][client % 3]
        group.addTask { try await fixture.download(Self.wheel, of: "pkg", in: repository) }
      }
      await gate.someoneWaits()
      gate.open()
      for try await got in group { #expect(got == bytes) }
    }
    #expect(fixture.source.count(of: Self.address) == 1)
    try await fixture.close()
  }

  @Test func `it is kept where the client asked and where the connection is, nothing between`()
    async throws
  {
    let fixture = try await ContentFixture()
    fixture.offer(Self.wheel, of: "pkg")
    _ = try await fixture.download(Self.wheel, of: "pkg", in: "app")
    #expect(try await fixture.held("pkg", by: "app") == ["1.0": [Self.wheel]])
    #expect(try await fixture.held("pkg", by: "store") == ["1.0": [Self.wheel]])
    #expect(try await fixture.held("pkg", by: "team") == [:])
    let package = try await fixture.package("pkg", in: "app")
    #expect(package.restrictions == OriginRestrictions(publish: .block, upstream: .allow))
    let versions = try await fixture.depot.listPackageVersions(
      of: PackageCoordinates(format: .pypi, name: "pkg"),
      in: fixture.path("app")
    )
    #expect(
      versions.versions.items.first?.origin == .ingested(externalConnection: "public:pypi")
    )
    try await fixture.close()
  }

  @Test func `afterwards it comes from the store, whoever fails`() async throws {
    let fixture = try await ContentFixture()
    let bytes = fixture.offer(Self.wheel, of: "pkg")
    _ = try await fixture.download(Self.wheel, of: "pkg", in: "app")
    fixture.source.fail(ExternalFailure(.unreachable, "no connection"))
    guard case .stored = try await fixture.find(Self.wheel, of: "pkg", in: "app") else {
      Issue.record("the file is stored")
      return
    }
    #expect(try await fixture.download(Self.wheel, of: "pkg", in: "team") == bytes)
    #expect(
      try await fixture.held("pkg", by: "team") == ["1.0": [Self.wheel]],
      "what the upstream has is retained by reference"
    )
    #expect(fixture.source.count(of: Self.address) == 1)
    try await fixture.close()
  }

  @Test func `the fetch goes on when the client that began it leaves`() async throws {
    let fixture = try await ContentFixture()
    let gate = Gate()
    let bytes = fixture.offer(Self.wheel, of: "pkg", bytes: sampleBytes(1 << 20)) {
      $0.gate = (512 << 10, gate)
    }
    guard case .arriving(let file) = try await fixture.find(Self.wheel, of: "pkg", in: "app") else {
      Issue.record("the file is on its way")
      return
    }
    #expect(try await file.chunks().next()?.isEmpty == false)
    // That was all this client wanted. The next one comes when the rest may come.
    gate.open()
    #expect(try await file.stored().byteCount == UInt64(bytes.count))
    #expect(try await fixture.download(Self.wheel, of: "pkg", in: "app") == bytes)
    #expect(fixture.source.count(of: Self.address) == 1)
    try await fixture.close()
  }

  @Test func `the first client sees bytes while the source still sends`() async throws {
    let fixture = try await ContentFixture()
    let gate = Gate()
    let bytes = fixture.offer(Self.wheel, of: "pkg", bytes: sampleBytes(1 << 20)) {
      $0.gate = (512 << 10, gate)
    }
    guard case .arriving(let file) = try await fixture.find(Self.wheel, of: "pkg", in: "app") else {
      Issue.record("the file is on its way")
      return
    }
    let reader = file.chunks()
    var got: [UInt8] = []
    while got.count < 512 << 10 { got += try #require(try await reader.next()) }
    gate.open()
    #expect(got + (try await ContentFixture.drain(reader)) == bytes)
    try await fixture.close()
  }

  @Test(arguments: [1, 16 << 10, 100_000, 2 << 20])
  func `wrong bytes are never given out whole, and never kept`(count: Int) async throws {
    let fixture = try await ContentFixture()
    let good = fixture.offer(Self.wheel, of: "pkg", bytes: sampleBytes(count))
    var bad = good
    bad[count / 2] ^= 1
    fixture.source.serve(ScriptedSource.File(bytes: bad), at: Self.address)
    guard case .arriving(let file) = try await fixture.find(Self.wheel, of: "pkg", in: "app") else {
      Issue.record("the file is on its way")
      return
    }
    let readers = [file.chunks(), file.chunks(), file.chunks(in: 0..<UInt64(count / 2 + 1))]
    for (index, reader) in readers.enumerated() {
      var got = 0
      let error = await #expect(throws: RepositoryError.self) {
        while let chunk = try await reader.next() { got += chunk.count }
      }
      #expect(error?.code == .upstreamUnavailable)
      #expect(error?.message.contains("sha256") == true)
      #expect(got < (index == 2 ? count / 2 + 1 : count))
    }
    #expect(try await fixture.held("pkg", by: "app") == [:])
    fixture.source.serve(ScriptedSource.File(bytes: good), at: Self.address)
    #expect(
      try await fixture.download(Self.wheel, of: "pkg", in: "app") == good,
      "a later request begins anew"
    )
    try await fixture.close()
  }

  @Test(arguments: [1, 20_000, 300_000])
  func `the end is held back until all of it was verified`(count: Int) async throws {
    let fixture = try await ContentFixture()
    let gate = Gate()
    let good = fixture.offer(Self.wheel, of: "pkg", bytes: sampleBytes(count))
    var bad = good
    bad[0] ^= 1
    fixture.source.serve(
      ScriptedSource.File(bytes: bad, gate: (count, gate)),
      at: Self.address
    )
    guard case .arriving(let file) = try await fixture.find(Self.wheel, of: "pkg", in: "app") else {
      Issue.record("the file is on its way")
      return
    }
    await gate.someoneWaits()
    // All bytes are here, and nobody knows yet that they are wrong.
    let reader = file.chunks()
    let progress = Mutex(0)
    let reading = Task {
      while let chunk = try await reader.next() { progress.withLock { $0 += chunk.count } }
    }
    for _ in 0..<2000 { await Task.yield() }
    gate.open()
    await #expect(throws: RepositoryError.self) { try await reading.value }
    #expect(progress.withLock { $0 } < count)
    try await fixture.close()
  }

  @Test func `what was verified is given out to its end, and nobody waits for the disk`()
    async throws
  {
    let fixture = try await ContentFixture()
    let blob = GrowingBlob(windowByteCount: 1 << 20)
    blob.begin(writer: try await fixture.blobs.makeWriter(), byteCount: 40_000)
    blob.append(sampleBytes(40_000))
    var position: UInt64 = 0
    while position < 40_000 - GrowingBlob.withheldByteCount {
      guard case .give(let bytes) = await blob.step(at: position, to: nil) else { break }
      position += UInt64(bytes.count)
    }
    #expect(position == 40_000 - GrowingBlob.withheldByteCount)
    let rest = Task { [position] in await blob.step(at: position, to: nil) }
    blob.verify()
    guard case .give(let bytes) = await rest.value else {
      Issue.record("the rest is given")
      return
    }
    #expect(bytes.count == GrowingBlob.withheldByteCount)
    guard case .finished = await blob.step(at: 40_000, to: nil) else {
      Issue.record("nothing is left")
      return
    }
    try await fixture.close()
  }

  @Test(arguments: [true, false])
  func `a broken transfer is taken up again`(canResume: Bool) async throws {
    let fixture = try await ContentFixture()
    let bytes = fixture.offer(Self.wheel, of: "pkg", bytes: sampleBytes(1 << 20)) {
      $0.canResume = canResume
      $0.steps = [
        .broken(after: 200_000), .refused(ExternalFailure(.failing(status: 502), "a failure")),
        .broken(after: 300_000), .whole,
      ]
    }
    #expect(try await fixture.download(Self.wheel, of: "pkg", in: "app") == bytes)
    #expect(fixture.source.count(of: Self.address) == 4)
    #expect(fixture.source.counts.resumed == (canResume ? 2 : 0))
    try await fixture.close()
  }

  @Test(arguments: [true, false])
  func `without a digest a beginning is joined only to the end of the same file`(
    canResume: Bool
  ) async throws {
    let fixture = try await ContentFixture()
    let bytes = fixture.offer(Self.wheel, of: "pkg", bytes: sampleBytes(1 << 20)) {
      $0.canResume = canResume
      $0.steps = [.broken(after: 200_000), .whole]
    }
    var page = SimplePage(name: "pkg")
    page.files = [
      SimpleFile(
        fileName: Self.wheel,
        url: Self.address,
        hashes: [:],
        requiresPython: nil,
        byteCount: nil,
        uploadTime: nil,
        yank: .none
      )
    ]
    fixture.source.publish(page, etag: "\"unvouched\"")
    if canResume {
      #expect(try await fixture.download(Self.wheel, of: "pkg", in: "app") == bytes)
    } else {
      await #expect(throws: RepositoryError.self) {
        try await fixture.download(Self.wheel, of: "pkg", in: "app")
      }
      #expect(try await fixture.held("pkg", by: "app") == [:])
    }
    try await fixture.close()
  }

  @Test func `a transfer that breaks again and again is given up, and everyone is told`()
    async throws
  {
    let fixture = try await ContentFixture()
    fixture.offer(Self.wheel, of: "pkg", bytes: sampleBytes(1 << 20)) {
      $0.steps =
        [.broken(after: 100_000)]
        + Array(repeating: .refused(ExternalFailure(.unreachable, "no connection")), count: 9)
    }
    guard case .arriving(let file) = try await fixture.find(Self.wheel, of: "pkg", in: "app") else {
      Issue.record("the file is on its way")
      return
    }
    for reader in [file.chunks(), file.chunks()] {
      let error = await #expect(throws: RepositoryError.self) {
        _ = try await ContentFixture.drain(reader)
      }
      #expect(error?.code == .upstreamUnavailable)
    }
    #expect(try await fixture.held("pkg", by: "app") == [:])
    try await fixture.close()
  }

  @Test func `a source that refuses is told before any byte`() async throws {
    let fixture = try await ContentFixture()
    let failure = ExternalFailure(.throttled, "later", retryAfter: .seconds(42))
    fixture.offer(Self.wheel, of: "pkg") { $0.steps = [.refused(failure)] }
    let error = await #expect(throws: RepositoryError.self) {
      _ = try await fixture.find(Self.wheel, of: "pkg", in: "app")
    }
    #expect(error?.code == .upstreamUnavailable)
    #expect(error?.retryAfter == .seconds(42))
    try await fixture.close()
  }

  @Test func `ranges of a file on its way are ranges of the file`() async throws {
    let fixture = try await ContentFixture()
    let bytes = fixture.offer(Self.wheel, of: "pkg", bytes: sampleBytes(1 << 20))
    guard case .arriving(let file) = try await fixture.find(Self.wheel, of: "pkg", in: "app") else {
      Issue.record("the file is on its way")
      return
    }
    #expect(file.byteCount == 1 << 20)
    for range in [0..<1, 5..<5, 65_530..<200_000, (1 << 20) - 20_000..<1 << 20] {
      let asked = UInt64(range.lowerBound)..<UInt64(range.upperBound)
      let got = try await ContentFixture.drain(file.chunks(in: asked))
      #expect(got == Array(bytes[range]), "\(range)")
    }
    try await fixture.close()
  }

  /// Rows wait for others; the end of a server waits for them.
  @Test func `what a client has in full is on record at the end`() async throws {
    var options = ContentOptions()
    options.gatherPeriod = .milliseconds(200)
    let fixture = try await ContentFixture(options: options)
    let gate = Gate()
    let bytes = fixture.offer(Self.wheel, of: "pkg") { $0.gate = (10, gate) }
    guard case .arriving(let file) = try await fixture.find(Self.wheel, of: "pkg", in: "app") else {
      Issue.record("the file is on its way")
      return
    }
    // What is noted of the project's page waits for the same moment, and is over before.
    await fixture.depot.settleDocuments()
    gate.open()
    #expect(try await ContentFixture.drain(file.chunks()) == bytes)
    await fixture.depot.settleDocuments()
    #expect(try await fixture.held("pkg", by: "app") == ["1.0": [Self.wheel]])
    try await fixture.close()
  }

  @Test func `a client that falls behind the window reads what it missed`() async throws {
    var options = ContentOptions()
    options.windowByteCount = 256 << 10
    let fixture = try await ContentFixture(options: options)
    let gate = Gate()
    let bytes = fixture.offer(Self.wheel, of: "pkg", bytes: sampleBytes(24 << 20)) {
      $0.gate = (23 << 20, gate)
    }
    guard case .arriving(let file) = try await fixture.find(Self.wheel, of: "pkg", in: "app") else {
      Issue.record("the file is on its way")
      return
    }
    let (quick, slow) = (file.chunks(), file.chunks())
    #expect(try await slow.next()?.isEmpty == false)
    var count = 0
    while count < 22 << 20 { count += try #require(try await quick.next()).count }
    var got = 0
    var rest: [UInt8] = []
    while got < 20 << 20 {
      let chunk = try #require(try await slow.next())
      rest += chunk
      got += chunk.count
    }
    gate.open()
    rest += try await ContentFixture.drain(slow)
    #expect(rest.elementsEqual(bytes.suffix(rest.count)))
    try await fixture.close()
  }

  @Test func `a source that does not tell the length is read to its end`() async throws {
    let fixture = try await ContentFixture()
    let bytes = fixture.offer(Self.wheel, of: "pkg", bytes: sampleBytes(300_000)) {
      $0.announces = false
    }
    guard case .arriving(let file) = try await fixture.find(Self.wheel, of: "pkg", in: "app") else {
      Issue.record("the file is on its way")
      return
    }
    #expect(file.byteCount == nil)
    #expect(try await ContentFixture.drain(file.chunks()) == bytes)
    try await fixture.close()
  }

  @Test func `a file nobody has heard of asks the index once more, not every time`() async throws {
    let fixture = try await ContentFixture()
    fixture.offer("pkg-0.9.tar.gz", of: "pkg")
    _ = try await fixture.page("pkg", in: "app")
    fixture.clock.advance(by: .seconds(11))
    let bytes = fixture.offer(
      [("pkg-0.9.tar.gz", nil, .none), (Self.wheel, nil, .none)],
      of: "pkg",
      etag: "\"2\""
    )
    #expect(try await fixture.download(Self.wheel, of: "pkg", in: "app") == bytes[1])
    let asked = fixture.source.counts.documents
    for _ in 0..<5 {
      #expect(try await fixture.find("pkg-7.tar.gz", of: "pkg", in: "app") == nil)
    }
    #expect(fixture.source.counts.documents == asked)
    try await fixture.close()
  }

  @Test func `a file of another version than the one in its address is not found`() async throws {
    let fixture = try await ContentFixture()
    fixture.offer(Self.wheel, of: "pkg")
    for version in ["2.0", "1.0"] {
      let found = try await fixture.depot.projectFile(
        Self.wheel,
        of: "pkg",
        version: version,
        in: fixture.path("app")
      )
      #expect((found != nil) == (version == "1.0"))
    }
    try await fixture.close()
  }
}
