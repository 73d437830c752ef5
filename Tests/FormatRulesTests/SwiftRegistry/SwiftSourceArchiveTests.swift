import ArchiveSamples
import FormatRules
import Testing

@Suite("Source archives of Swift packages")
struct SwiftSourceArchiveTests {
  private func read(_ zip: TestZip) async throws -> SwiftSourceArchive {
    try await SwiftSourceArchive(of: ByteSource(zip.bytes))
  }

  private let manifest = ("demo/Package.swift", "// swift-tools-version:5.9\n")

  @Test func `all manifests of the outermost folder are found, the main one first`() async throws {
    let archive = try await read(
      TestZip([
        ("demo/", ""), ("demo/Package@swift-6.swift", "// swift-tools-version:6.0"),
        ("demo/Package@swift-5.10.swift", "// swift-tools-version:5.10"),
        ("demo/Sources/Package.swift", "no manifest"), manifest, ("demo/Package@swift-x.swift", ""),
      ])
    )
    #expect(
      archive.manifests.map(\.manifest.name.text) == [
        "Package.swift", "Package@swift-5.10.swift", "Package@swift-6.swift",
      ]
    )
    #expect(archive.manifests.map(\.manifest.toolsVersion.text) == ["5.9", "5.10", "6.0"])
    #expect(archive.manifests[0].bytes.text == manifest.1)
  }

  @Test(
    arguments: [
      ([("a/Package.swift", ""), ("b/x", "")], "one outermost folder"),
      ([("Package.swift", "")], "one outermost folder"), ([("a/x", "")], "no Package.swift"),
      ([("a/b/Package.swift", "")], "no Package.swift"), ([], "empty"),
      ([("a/Package.swift", "// swift-tools-version:6")], "tools version"),
      ([("a/Package.swift", ""), ("a/../x", "")], "path"),
      ([("a/Package.swift", ""), ("/a/x", "")], "path"),
      ([("a/Package.swift", ""), ("a//x", "")], "path"),
      ([("a/Package.swift", ""), ("a/./x", "")], "path"),
      ([("a/Package.swift", ""), ("a\\..\\x", "")], "path"),
      ([("a/Package.swift", ""), ("a/x\u{0}y", "")], "path"),
      ([("../Package.swift", "")], "path"),
      ([("a/Package.swift", "1"), ("a/Package.swift", "2")], "twice"),
      ([("a/Package.swift", ""), ("a/x", ""), ("a/x/", "")], "twice"),
    ] as [([(String, String)], String)]
  )
  func `what cannot be unpacked in one way is refused`(
    members: [(String, String)],
    reason: String
  ) async {
    let refusal = await #expect(throws: MalformedInput.self) {
      try await read(TestZip(members.map { (name: $0.0, text: $0.1) }))
    }
    #expect(refusal?.reason.contains(reason) == true, "\(refusal?.reason ?? "")")
  }

  @Test(arguments: [
    ("demo/link", "Sources", true), ("demo/a/link", "../b/../c", true), ("demo/link", "./x", true),
    ("demo/link", "..", false), ("demo/a/link", "../../x", false), ("demo/link", "/etc", false),
    ("demo/a/link", "b/../../../x", false), ("demo/link", "", false),
  ])
  func `links lead to places in the package`(name: String, target: String, isFine: Bool) async {
    var zip = TestZip([manifest, (name, target)])
    zip.members[1].mode = 0o120777
    let archive = try? await read(zip)
    #expect((archive != nil) == isFine)
  }

  @Test func `links are followed through links, and no member lies behind one`() async {
    for (links, isFine) in [
      ([("demo/f/Versions/Current", "A"), ("demo/f/Headers", "Versions/Current/Headers")], true),
      ([("demo/d/l", ".."), ("demo/e", "d/l/..")], false),
      ([("demo/e", "d/l/.."), ("demo/d/l", "..")], false),
    ] {
      var zip = TestZip([manifest] + links.map { (name: $0.0, text: $0.1) })
      for index in 1...2 { zip.members[index].mode = 0o120777 }
      let archive = try? await read(zip)
      #expect((archive != nil) == isFine)
    }
    var behind = TestZip([manifest, ("demo/l", "x"), ("demo/l/y", "")])
    behind.members[1].mode = 0o120777
    await #expect(throws: MalformedInput.self) { try await read(behind) }
  }

  @Test func `a manifest that is a link is refused`() async {
    var zip = TestZip([("demo/Package.swift", "other.swift")])
    zip.members[0].mode = 0o120777
    await #expect(throws: MalformedInput.self) { try await read(zip) }
  }

  @Test func `bombs are refused by what they declare`() async {
    var huge = TestZip([manifest, ("demo/a", ""), ("demo/b", ""), ("demo/c", "")])
    for index in 1...3 { huge.members[index].declaredByteCount = 0xFFFF_FFF0 }
    await #expect(throws: MalformedInput.self) { try await read(huge) }
    var overlapping = TestZip([manifest, ("demo/a", "x"), ("demo/b", "y")])
    overlapping.overlaps = true
    await #expect(throws: MalformedInput.self) { try await read(overlapping) }
    var manifestBomb = TestZip([manifest])
    manifestBomb.members[0].declaredByteCount = 0x0FFF_FFFF
    await #expect(throws: MalformedInput.self) { try await read(manifestBomb) }
  }

  @Test func `damaged archives are refused or read, and never trap`() async {
    let seed = UInt64.random(in: 1 ... .max)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let sample = TestZip([manifest, ("demo/Package@swift-6.swift", "// swift-tools-version:6.0")])
      .bytes
    for _ in 0..<2000 {
      var bytes = sample
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
          in: 0...255,
          using: &generator
        )
      }
      do { _ = try await SwiftSourceArchive(of: ByteSource(bytes)) } catch {
        #expect(error is MalformedInput)
      }
    }
  }
}
