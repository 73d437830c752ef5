import ArchiveSamples
import Testing

@testable import FormatRules

/// Tape archives that want to become too large, or to be unpacked somewhere else.
@Suite("Hostile tape archives")
struct HostileTarTests {
  /// What the readers measure inflated bytes against, made small for the tests' sake.
  private func small(_ subject: String) -> InflationLimit {
    InflationLimit(of: subject, atMost: .max, free: 100_000)
  }

  private func refusal(_ read: () throws -> Void) -> String {
    do {
      try read()
      return "accepted"
    } catch { return (error as? MalformedInput)?.reason ?? "\(error)" }
  }

  private func npm(_ bytes: [UInt8]) throws {
    var archive = NpmArchive()
    archive.limit = small("npm")
    for piece in bytes.pieces(of: 10_000) { try archive.feed(piece) }
    _ = try archive.finish()
  }

  private func crate(_ bytes: [UInt8]) throws {
    var archive = CrateArchive(name: "a", version: "1.0.0")
    archive.limit = small("crate")
    for piece in bytes.pieces(of: 10_000) { try archive.feed(piece) }
    _ = try archive.finish()
  }

  private func sdist(_ bytes: [UInt8]) throws {
    var archive = SourceDistributionMetadata()
    archive.limit = small("sdist")
    for piece in bytes.pieces(of: 10_000) { try archive.feed(piece) }
    _ = try archive.finish()
  }

  private func gem(_ data: [UInt8], metadata: [UInt8] = TestGzip.stored("name: a".bytes)) throws {
    let outer = TestTar().adding("metadata.gz", metadata).adding("data.tar.gz", data)
    var archive = GemArchive()
    archive.contents?.limit = small("gem")
    for piece in outer.bytes.pieces(of: 10_000) { try archive.feed(piece) }
    _ = try archive.finish()
  }

  /// Nothing but zeros is an archive's end; a header in front makes them a member's content.
  private func bomb(_ path: String, in byteCount: Int) -> [UInt8] {
    let header = TestTar().adding(path, declaring: UInt64(byteCount)).members[0].block
    return TestGzip.stored(header) + TestGzip.bomb(byteCount)
  }

  @Test func `a bomb is refused in proportion to its own size`() {
    let packed = bomb("a-1.0.0/x", in: 4 << 20)
    #expect(packed.count < 40_000)
    for read in [npm, crate, sdist] {
      #expect(refusal { try read(packed) }.contains("times its size"))
    }
    #expect(refusal { try gem(packed) }.contains("times its size"))
    #expect(refusal { try gem([], metadata: TestGzip.bomb(20 << 20)) }.contains("unpacks to more"))
    var search = TarballSearch.readme(below: 1)
    search.limit = small("search")
    #expect(refusal { try search.feed(packed) }.contains("times its size"))
  }

  @Test func `what is honest passes the same limit`() throws {
    let text = String(repeating: "0123456789", count: 30_000)
    try npm(TestTar([("p/package.json", #"{"name":"x"}"#), ("p/x", text)]).gzipped)
  }

  @Test(arguments: [
    "/etc/passwd", "../x", "a-1.0.0/../../x", "a-1.0.0/b/../../../x",
  ])
  func `paths that lead out are refused`(path: String) {
    let tar = TestTar([("a-1.0.0/package.json", "{}"), ("a-1.0.0/Cargo.toml", "")])
      .adding(path).gzipped
    #expect(refusal { try npm(tar) }.contains("points out of it"))
    #expect(refusal { try crate(tar) }.contains("does not lie in a-1.0.0/"))
    #expect(refusal { try gem(tar) }.contains("points out of it"))
  }

  @Test(
    arguments: [
      ("lib/a", "b", true), ("lib/a", "../b", true), ("lib/x/a", "../../b", true),
      ("lib/a", "../../b", false), ("a", "..", false), ("a", "/etc/passwd", false),
      ("lib/a", "x/../../../b", false),
    ]
  )
  func `a gem's links stay in the gem`(path: String, target: String, isFine: Bool) {
    let tar = TestTar().adding(path, type: "2", link: target).gzipped
    let isRefused = refusal { try gem(tar) }.contains("leads out of it")
    #expect(isRefused == !isFine)
  }

  @Test(arguments: ["1", "2", "3", "4", "6"] as [Character])
  func `a crate has neither links nor devices`(type: Character) {
    let tar = TestTar().adding("a-1.0.0/x", type: type, link: "y").gzipped
    #expect(refusal { try crate(tar) }.contains("link or a device"))
  }

  @Test(arguments: ["1", "2", "5"] as [Character])
  func `what is no file is no manifest`(type: Character) {
    let tar = TestTar().adding("a-1.0.0/package.json", type: type, link: "y")
      .adding("a-1.0.0/PKG-INFO", type: type, link: "y").gzipped
    #expect(refusal { try npm(tar) }.contains("no package.json"))
    #expect(refusal { try sdist(tar) }.contains("no PKG-INFO"))
  }

  @Test(arguments: [UInt64(1) << 32, 8_589_934_591])
  func `a huge declared size is waited for, and costs nothing`(byteCount: UInt64) {
    for path in ["a-1.0.0/x", "a-1.0.0/package.json", "a-1.0.0/Cargo.toml", "a-1.0.0/PKG-INFO"] {
      let block = TestTar().adding(path, declaring: byteCount).members[0].block
      let bytes = TestGzip.stored(block + [1, 2, 3])
      for read in [npm, crate, sdist] { #expect(refusal { try read(bytes) } != "accepted") }
      #expect(refusal { try gem(bytes) } != "accepted")
    }
  }

  @Test func `endless names and headers are refused before they are kept`() {
    for type in ["L", "K", "x"] as [Character] {
      let block = TestTar().adding("x", type: type, declaring: 2 << 20).members[0].block
      #expect(refusal { try npm(TestGzip.stored(block)) }.contains("too long"))
    }
  }

  @Test func `an extended header that lies is refused or passed over`() {
    for text in ["9999999999999999999 path=x\n", "5 a=b\n", "1 \n", "x", "30 path=y\n", "0 "] {
      let tar = TestTar().adding("x", text.bytes, type: "x").adding("a-1.0.0/y").gzipped
      #expect(refusal { try npm(tar) } != "accepted")
    }
    let climbing = TestTar().adding("x", "15 path=../../\n".bytes, type: "x").adding("a-1.0.0/y")
    #expect(refusal { try npm(climbing.gzipped) }.contains("points out"))
  }
}
