import BlobEngine
import Bytes
import Catalog
import FormatRules
import Repository
import Testing

/// Passes over a store with files from a registry and files that were published.
@Suite("Scrubbing the store")
struct BlobScrubTests {
  private static let store = StoreOptions(
    segmentByteCount: 4 << 20,
    recentByteLimit: 0,
    cacheByteLimit: 0
  )

  private func with(_ body: (ContentFixture, BlobScrub) async throws -> Void) async throws {
    let fixture = try await ContentFixture(store: Self.store)
    try await body(fixture, BlobScrub(depot: fixture.depot, blobs: fixture.blobs))
    try await fixture.close()
  }

  /// Fetches files from the registry; returns their bytes.
  private func ingest(_ count: Int, _ fixture: ContentFixture) async throws -> [[UInt8]] {
    var all: [(name: String, bytes: [UInt8]?, yank: Yank)] = []
    for number in 0..<count {
      var bytes = sampleBytes(30_000)
      bytes[0] = UInt8(number)
      all.append(("pkg-\(number).0.tar.gz", bytes, .none))
    }
    fixture.offer(all, of: "pkg")
    for file in all { _ = try await fixture.download(file.name, of: "pkg", in: "app") }
    await fixture.depot.settle()
    return all.compactMap(\.bytes)
  }

  /// A pass over the log, in steps whose places are written down and read again.
  private func passLog(_ scrub: BlobScrub) async throws -> (byteCount: UInt64, [String]) {
    var (byteCount, findings): (UInt64, [String]) = (0, [])
    var cursor: ScrubCursor?
    repeat {
      let step = try await scrub.log(after: cursor)
      byteCount += step.byteCount
      findings += step.findings
      cursor = try step.next.map { try #require(ScrubCursor($0.description)) }
    } while cursor != nil
    return (byteCount, findings)
  }

  private func passRows(_ scrub: BlobScrub, share: Int) async throws -> (UInt64, [String]) {
    var (byteCount, findings): (UInt64, [String]) = (0, [])
    var row: DomainBlob?
    repeat {
      let step = try await scrub.rows(after: row, share: share)
      byteCount += step.byteCount
      findings += step.findings
      row = step.next
    } while row != nil
    return (byteCount, findings)
  }

  @Test func `a whole store has nothing to tell`() async throws {
    try await with { fixture, scrub async throws in
      _ = try await ingest(5, fixture)
      let (byteCount, findings) = try await passLog(scrub)
      #expect(byteCount > 5 * 30_000)
      #expect(findings.isEmpty, "\(findings)")
    }
  }

  @Test func `what came from a registry is had anew, what was published is named`() async throws {
    try await with { fixture, scrub async throws in
      let ingested = try await ingest(3, fixture)
      try await fixture.put("own-1.0.tar.gz", of: "own", version: "1.0", into: "app")
      let own = Array("app own-1.0.tar.gz".utf8)
      #expect(try fixture.spoil(Array(ingested[1].prefix(64))))
      #expect(try fixture.spoil(own))
      let (_, findings) = try await passLog(scrub)
      #expect(findings.count { $0.contains("was fetched once more") } == 1, "\(findings)")
      #expect(findings.count { $0.contains("cannot be had anew: publish") } == 1, "\(findings)")
      for (number, bytes) in ingested.enumerated() {
        let name = "pkg-\(number).0.tar.gz"
        #expect(try await fixture.download(name, of: "pkg", in: "app") == bytes)
      }
      let later = try await passLog(scrub)
      #expect(later.1.contains { $0.contains("was fetched") } == false, "\(later)")
    }
  }

  @Test func `ten passes read every blob whole, each a share of them`() async throws {
    try await with { fixture, scrub async throws in
      let ingested = try await ingest(30, fixture)
      let whole = UInt64(ingested.map(\.count).reduce(0, +))
      var sum: UInt64 = 0
      for share in 7..<17 {
        let (byteCount, findings) = try await passRows(scrub, share: share)
        #expect(findings.isEmpty && byteCount < whole / 2)
        sum += byteCount
      }
      #expect(sum == whole)
    }
  }

  @Test func `a blob that is gone is had anew while its share is read`() async throws {
    try await with { fixture, scrub async throws in
      let bytes = try await ingest(1, fixture)[0]
      guard case .stored(let file) = try await fixture.find("pkg-0.0.tar.gz", of: "pkg", in: "app")
      else {
        Issue.record("the file is not here")
        return
      }
      #expect(try await fixture.blobs.delete(file.key))
      for share in 0..<10 { #expect(try await passRows(scrub, share: share).1.isEmpty) }
      #expect(try await fixture.blobs.get(file.key) == bytes)
      #expect(try await fixture.blobs.delete(file.key))
      fixture.source.fail(ExternalFailure(.unreachable, "no connection"))
      var findings: [String] = []
      for share in 0..<10 { findings += try await passRows(scrub, share: share).1 }
      #expect(findings.count == 1 && findings[0].contains("is gone"), "\(findings)")
    }
  }

  @Test(arguments: ["", "1", "1:", ":4096", "1:4097", "-1:4096", "1:4096:2", "x:0"])
  func `a place that nobody wrote is none`(text: String) {
    #expect(ScrubCursor(text) == nil)
  }
}
