import Testing

@testable import FormatRules

/// Seeded damage to what publishers and other registries send for crates and gems: each reader may
/// refuse it or read it, but must come back.
@Suite("Damaged crates and gems")
struct DamagedRegistryInputTests {
  private func attack(_ sample: [UInt8], rounds: Int = 600, _ read: ([UInt8]) throws -> Void) {
    let seed = UInt64.random(in: 1 ... .max)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<rounds {
      var bytes = sample
      for _ in 0..<Int.random(in: 1...5, using: &generator) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        let end = min(place + Int.random(in: 1...12, using: &generator), bytes.count)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[place] = .random(in: 0...255, using: &generator)
        case 1: bytes.removeSubrange(place..<end)
        case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 3:
          let marks = Array(" \n\t\"'[]{}:-|>&*!#\\,=.".utf8)
          bytes[place] = marks[Int.random(in: 0..<marks.count, using: &generator)]
        default: bytes.removeSubrange(place...)
        }
      }
      do { try read(bytes) } catch { #expect(error is MalformedInput) }
    }
  }

  private func yaml() throws -> [UInt8] {
    var archive = TarReader()
    var gzip = GzipReader()
    var isWanted = false
    for event in try archive.feed(GemCorpus.bytes("demo-2-1.0.rc1.gem")) {
      switch event {
      case .member(let member): isWanted = member.path == "metadata.gz"
      case .content(let bytes): if isWanted { gzip.feed(Array(bytes)) }
      case .endOfMember: break
      }
    }
    return try gzip.produce(upTo: 1 << 20)
  }

  @Test func `gems`() throws {
    attack(try GemCorpus.bytes("demo-2-1.0.rc1.gem")) { bytes in
      var archive = GemArchive()
      for piece in bytes.pieces(of: 300) { try archive.feed(piece) }
      _ = try archive.finish().marshalled
    }
  }

  @Test func `specifications`() throws {
    attack(try yaml(), rounds: 2000) { bytes in
      let gem = try GemSpecification(reading: bytes)
      #expect(GemSpecification(gem.identity, gem.metadata)?.marshalled == gem.marshalled)
    }
  }

  @Test func `lists of gems`() {
    let sum = String(repeating: "0a", count: 32)
    let text = "---\n1.0 a:>= 1&< 2,b:~> 3|checksum:\(sum),ruby:> 1\n2.0-java |checksum:\(sum)\n"
    attack(text.bytes) { bytes in
      let listing = try GemListing.read(bytes, of: "x", base: "http://h/")
      _ = GemHistory.render([GemHistory(of: listing)])
      _ = LegacyGemIndex.dependencies(of: [listing])
    }
  }

  @Test func `descriptions, frames and lines of crates`() {
    attack(CrateDescriptionTests.json.bytes) { bytes in
      let description = try CrateDescription(reading: bytes, ownIndex: "http://h/")
      _ = description.metadata(checksum: "")
    }
    let body = [2, 0, 0, 0] + "{}".bytes + [3, 0, 0, 0] + "abc".bytes
    attack(body) { bytes in
      var upload = CrateUpload()
      for piece in bytes.pieces(of: 3) { _ = try upload.feed(piece) }
      try upload.finish()
    }
    let manifest =
      "[package] # x\nname = \"a\"\n'version' = '''1'''\n[a.\"b\"]\nc = [{d = 1}, \"\"\"e\"\"\"]"
    attack(manifest.bytes, rounds: 2000) { _ = try CrateManifest(reading: $0) }
  }
}
