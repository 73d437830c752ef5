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
    var archive = SourceDistributionMetadata(inspectsMembers: true)
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
    #expect(refusal { try sdist(tar) }.contains("points out of it"))
  }

  /// A source distribution with what it must have in front.
  private var sound: TestTar { TestTar([("a-1.0.0/PKG-INFO", "Name: a")]) }

  @Test func `a source distribution is looked through behind its metadata too`() throws {
    try sdist(sound.adding("a-1.0.0/x", [1]).gzipped)
    let cut = TestGzip.stored(sound.adding("a-1.0.0/x", [1]).bytes).dropLast(9)
    #expect(refusal { try sdist(Array(cut)) }.contains("cut"))
    let header = sound.adding("a-1.0.0/x", declaring: 4 << 20).members.flatMap(\.block)
    #expect(
      refusal { try sdist(TestGzip.stored(header) + TestGzip.bomb(4 << 20)) }
        .contains("times its size")
    )
    #expect(refusal { try sdist(sound.adding("a-1.0.0/PKG-INFO").gzipped) }.contains("two"))
    for type in ["3", "4", "6"] as [Character] {
      #expect(refusal { try sdist(sound.adding("a-1.0.0/x", type: type).gzipped) }.contains("pipe"))
    }
    // Who only wants the metadata asks no more.
    var reader = SourceDistributionMetadata()
    try reader.feed(sound.adding("/x").gzipped)
    #expect(try reader.finish() == "Name: a".bytes)
  }

  @Test(
    arguments: [
      ("2", "a-1.0.0/x/l", "../b", true), ("2", "a-1.0.0/l", "b", true),
      ("1", "a-1.0.0/l", "a-1.0.0/b", true), ("2", "a-1.0.0/l", "../../b", false),
      ("2", "a-1.0.0/l", "/etc/passwd", false), ("1", "a-1.0.0/l", "../b", false),
      ("1", "a-1.0.0/l", "/etc/passwd", false),
    ] as [(Character, String, String, Bool)]
  )
  func `a source distribution's links stay in it`(
    type: Character,
    path: String,
    target: String,
    isFine: Bool
  ) {
    let said = refusal { try sdist(sound.adding(path, type: type, link: target).gzipped) }
    #expect(isFine ? said == "accepted" : said.contains("leads out of it"), "\(said)")
  }

  @Test(
    arguments: [
      // A framework's, and links in circles.
      ([("f/Versions/Current", "A"), ("f/Headers", "Versions/Current/Headers")], "accepted"),
      ([("d/a", "b"), ("d/b", "a")], "accepted"), ([("d/a", "a/../../..")], "accepted"),
      ([("d/l", ".."), ("e", "d/l/x")], "accepted"),
      // Each target stays inside by its letters, in either order, in large letters too.
      ([("d/l", ".."), ("e", "d/l/..")], "leads out"),
      ([("e", "d/l/.."), ("d/l", "..")], "leads out"),
      ([("d/l", ".."), ("e", "D/L/..")], "leads out"),
      ([("d/l", ".."), ("d/m", "l/l/.."), ("e", "d/m/../x")], "leads out"),
      ([("l", "x"), ("l/y", "z")], "behind a link"), ([("l", "x"), ("L/y", "z")], "behind a link"),
      ([("l", "x"), ("a/../l/y", "z")], "behind a link"),
      ([("l", "x"), ("./l", "y")], "different places"),
    ] as [([(String, String)], String)]
  )
  func `links are followed through links`(links: [(path: String, target: String)], said: String) {
    let top = links.reduce(TestTar()) { $0.adding($1.path, type: "2", link: $1.target) }
    // The specification is none, which is said after the links.
    let ofGem = refusal { try gem(top.gzipped) }
    #expect(ofGem.contains(said == "accepted" ? "no version" : said), "\(ofGem)")
    let tar = links.reduce(sound) { $0.adding($1.path, type: "2", link: $1.target) }
    let ofSource = refusal { try sdist(tar.gzipped) }
    #expect(ofSource.contains(said), "\(ofSource)")
  }

  @Test func `links without number are refused`() {
    var links = ArchiveLinks(of: "x")
    #expect(
      refusal { for number in 0...20_000 { try links.add("\(number)", to: "y") } }
        .contains("20000 links")
    )
    var deep = ArchiveLinks(of: "x")
    let path = String(repeating: "/d", count: 2000)
    #expect(
      refusal { for number in 0...200 { try deep.add("\(number)\(path)", to: "y") } }
        .contains("links")
    )
    // Each leads through all that come after it.
    var wide = ArchiveLinks(of: "x")
    let detour = String(repeating: "x", count: 4000) + "/../"
    #expect(
      refusal {
        for number in 0..<1000 { try wide.add("l\(number)", to: "\(detour)l\(number + 1)") }
        try wide.checkAll()
      }.contains("too many others")
    )
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

  @Test func `what follows one block of zeros is hidden from some, and refused`() throws {
    let front = sound.adding("a-1.0.0/package.json", "{}".bytes).members.flatMap(\.block)
    let zeros = [UInt8](repeating: 0, count: 512)
    let more = TestTar([("a-1.0.0/x", "")]).bytes
    for end in [[], zeros, zeros + zeros, zeros + zeros + more] {
      try npm(TestGzip.stored(front + end))
      try sdist(TestGzip.stored(front + end))
    }
    #expect(refusal { try npm(TestGzip.stored(front + zeros + more)) }.contains("behind its end"))
    #expect(refusal { try sdist(TestGzip.stored(front + zeros + more)) }.contains("behind its end"))
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
