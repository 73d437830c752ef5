import FormatRules
import Testing

/// Hostile bytes: each reader gets its corpus with seeded damage, and may refuse it or read it, but
/// must come back.
///
/// A trap ends the whole run, which is how these tests fail.
@Suite("Damaged input")
struct MutationTests {
  private static let rounds = 400

  /// Flips bits, overwrites, cuts, repeats and swaps, a few times over.
  private static func mutate(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      let length = min(Int.random(in: 1...8, using: &generator), bytes.count - place)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1: for offset in 0..<length { bytes[place + offset] = 0xFF }
      case 2:
        for offset in 0..<length { bytes[place + offset] = .random(in: 0...255, using: &generator) }
      case 3: bytes.removeSubrange(place..<(place + length))
      case 4: bytes.insert(contentsOf: bytes[place..<(place + length)], at: place)
      default: bytes.removeSubrange(place...)
      }
    }
    return bytes
  }

  /// Runs `read` on damaged copies of every sample; returns how many were refused.
  private func attack(_ samples: [[UInt8]], _ read: ([UInt8]) async throws -> Void) async -> Int {
    let seed = UInt64.random(in: 1 ... .max)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    var refusals = 0
    for sample in samples {
      for _ in 0..<Self.rounds {
        do {
          try await read(Self.mutate(sample, &generator))
        } catch {
          #expect(error is MalformedInput)
          refusals += 1
        }
      }
    }
    return refusals
  }

  @Test func `wheels`() async throws {
    let name = try #require(DistributionFileName("demo_pkg-1.0.0-py3-none-any.whl"))
    let samples = try ["stored.whl", "deflated.whl", "zip64.whl", "two-metadata.whl"].map(
      Corpus.bytes
    )
    let refusals = await attack(samples) {
      _ = try await WheelMetadata.cutOut(of: ByteSource($0), named: name)
    }
    #expect(refusals > 0)
  }

  @Test func `source distributions`() async throws {
    let samples = try ["pax.tar.gz", "gnu.tar.gz", "without-pkg-info.tar.gz"].map(Corpus.bytes)
    let refusals = await attack(samples) { bytes in
      var finder = SourceDistributionMetadata()
      for piece in bytes.pieces(of: 777) { try finder.feed(piece) }
      _ = try finder.finish()
    }
    #expect(refusals > 0)
  }

  @Test func `pages in JSON`() async {
    let refusals = await attack([SimplePageSamples.full.renderJSON()]) { bytes in
      let page = try SimplePage(json: bytes, at: "https://h/simple/x/")
      #expect(try SimplePage(json: page.renderJSON(), at: nil).files.count == page.files.count)
    }
    #expect(refusals > 0)
  }

  @Test func `pages in HTML`() async {
    _ = await attack([SimplePageSamples.full.renderHTML()]) { bytes in
      let page = try SimplePage(html: bytes, at: "https://h/simple/x/")
      _ = page.renderHTML()
    }
  }

  @Test func `core metadata`() async {
    let refusals = await attack([Corpus.metadata.bytes]) { _ = try CoreMetadata(reading: $0) }
    #expect(refusals > 0)
  }

  @Test func `forms`() async {
    let refusals = await attack([MultipartFormTests.crlf.bytes]) { bytes in
      var form = try MultipartForm(contentType: "multipart/form-data; boundary=X")
      for piece in bytes.pieces(of: 5) { _ = try form.feed(piece) }
      try form.finish()
    }
    #expect(refusals > 0)
  }

  @Test func `names, versions, times, addresses and headers`() async {
    let samples = [
      "Demo.Pkg-1!1.0a1.post2.dev3+l-1-py3-none-any.whl", "a-b-1.0.tar.gz",
      "2024-01-01T00:00:00.5+02:00", "multipart/form-data; boundary=\"x\\\"\"",
      "https://u@h:1/a/../b;c?d#e", "text/html;q=0.5, */*;q=0.1",
    ]
    _ = await attack(samples.map(\.bytes)) { bytes in
      let text = bytes.text
      let name = DistributionFileName(text)
      #expect(name.map { !$0.fileName.contains("/") } ?? true)
      #expect(PythonVersion(PythonVersion(text).normalized) == PythonVersion(text))
      _ = UploadTime(text)?.text
      _ = WebAddress.fileName(of: WebAddress.resolve(text, against: "http://h/a/b"))
      _ = SimpleRepresentation.negotiate(accept: [text])
      _ = try MultipartForm(contentType: text)
    }
  }
}
