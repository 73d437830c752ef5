import ArchiveSamples
import Foundation
import Testing

@testable import FormatRules

/// Valid samples with seeded damage, fed to every reader: each may refuse them or read them, but
/// must come back, with nothing worse than ``MalformedInput``.
///
/// The seed is fixed, so that the run is the same everywhere; a trap ends it, which is how these
/// tests fail. `REPLAY_ROUNDS` and `REPLAY_SEED` in the environment make longer runs; what those
/// find is added to the samples.
@Suite("Damage, replayed")
struct ReplayTests {
  private static let rounds = Int(environment("REPLAY_ROUNDS") ?? "") ?? 300
  private static let seed = UInt64(environment("REPLAY_SEED") ?? "") ?? 20_260_728

  private static func environment(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name]
  }

  private static let words = [
    "<", ">", "&", "]]>", "<!--", "<!DOCTYPE", "\"", "\\u", "{", "[", "]", "}", ":", ",", "-",
    "${", "}", "\0", "\u{FEFF}", "9999999999999999999",
  ].map(\.bytes)

  static func damaged(
    _ sample: [UInt8],
    _ generator: inout SeededGenerator
  ) -> [UInt8] {
    var bytes = sample
    for _ in 0..<Int.random(in: 1...5, using: &generator) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      let end = min(place + Int.random(in: 1...16, using: &generator), bytes.count)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1: bytes[place] = .random(in: 0...255, using: &generator)
      case 2: bytes.removeSubrange(place..<end)
      case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
      case 4:
        let word = words[Int.random(in: 0..<words.count, using: &generator)]
        bytes.insert(contentsOf: word, at: place)
      default: bytes.removeSubrange(place...)
      }
    }
    return bytes
  }

  /// Feeds damaged copies of each sample to `read`; some must have been refused, unless it takes
  /// everything.
  func replay(
    _ samples: [[UInt8]],
    takesEverything: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ read: ([UInt8]) async throws -> Void
  ) async {
    var generator = SeededGenerator(seed: Self.seed)
    var refusals = 0
    for sample in samples {
      for _ in 0..<Self.rounds {
        do { try await read(Self.damaged(sample, &generator)) } catch {
          #expect(error is MalformedInput, sourceLocation: sourceLocation)
          refusals += 1
        }
      }
    }
    #expect((refusals == 0) == takesEverything, sourceLocation: sourceLocation)
  }

  @Test func `JSON`() async {
    let escaped = #"{"a":["\u00e9\ud83d\ude00\n",1.5e-7,-0,true,null],"b":{"":{}},"a":false}"#
    await replay([escaped.bytes, NpmPackumentTests.upstream.bytes]) { bytes in
      let value = try JSONReader.read(bytes)
      var writer = JSONWriter()
      writer.value(value)
      // What was read can be written, and is read the same.
      #expect(try JSONReader.read(writer.bytes) == value)
      for member in value.members ?? [] { _ = VersionDescription(row: member.value) }
      _ = (VersionDescription(npm: value), VersionDescription(crate: value))
      _ = (VersionDescription(gem: value), VersionDescription(swift: value))
    }
  }

  @Test func `packuments, piece by piece`() async throws {
    let name = try #require(NpmName("@acme/widget"))
    await replay([NpmPackumentTests.upstream.bytes]) { bytes in
      let listing = try PackageListing(npmPackument: bytes, of: name, at: "https://r.test/x")
      for version in listing?.versions ?? [] { _ = VersionDescription(npm: version.metadata) }
    }
  }

  @Test func `XML`() async {
    await replay([MavenSamples.pom.bytes, NuGetNuspecTests.nuspec.bytes]) { bytes in
      let root = try XMLReader.read(bytes)
      if root.name == "package" {
        _ = VersionDescription(row: try NuGetDescription(nuspec: bytes).row)
      } else {
        _ = VersionDescription(project: try ProjectObjectModel(reading: bytes))
      }
    }
  }

  @Test func `zip`() async {
    let manifest = (name: "d/Package.swift", text: "// swift-tools-version:5.9\n")
    let samples = [
      TestZip([manifest, ("d/README.md", "# D"), ("d/Sources/", "")]).bytes,
      TestZip([("a.nuspec", NuGetNuspecTests.nuspec), ("docs/README.md", "# A")]).bytes,
    ]
    await replay(samples) { bytes in
      let source = ByteSource(bytes)
      let directory = try await ZipDirectory(of: source)
      for entry in directory.entries { _ = try? await entry.extract(from: source, upTo: 1 << 16) }
      _ = try await SwiftSourceArchive.readme(of: source)
      _ = try? await SwiftSourceArchive(of: source)
      _ = try await NuGetArchive.readme(of: source)
    }
  }

  @Test func `tar, bare and compressed`() async {
    let tar = TestTar([
      ("a-1.0.0/package.json", #"{"name":"a","version":"1.0.0"}"#),
      ("a-1.0.0/Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.0.0\"\n"),
      ("a-1.0.0/README.md", "# A"), ("a-1.0.0/PKG-INFO", "Name: a\nVersion: 1.0.0\n"),
    ]).adding("././@LongLink", "a-1.0.0/long\0".bytes, type: "L").adding("short")
      .adding("pax", "22 path=a-1.0.0/other\n".bytes, type: "x").adding("short")
    await replay([tar.bytes]) { bytes in
      var reader = TarReader()
      for piece in bytes.pieces(of: 333) { _ = try reader.feed(piece) }
    }
    // Damage behind the checksum of gzip would never reach the archive's reader.
    await replay([tar.bytes]) { bytes in
      let packed = TestGzip.stored(bytes)
      var (npm, crate) = (NpmArchive(), CrateArchive(name: "a", version: "1.0.0"))
      var (sdist, search) = (SourceDistributionMetadata(), TarballSearch.readme(below: 1))
      for piece in packed.pieces(of: 777) {
        try? npm.feed(piece)
        try? crate.feed(piece)
        try? sdist.feed(piece)
        try search.feed(piece)
      }
      _ = try? npm.finish()
      _ = try? sdist.finish()
      _ = try crate.finish()
    }
    await replay([tar.gzipped]) { bytes in
      var search = TarballSearch.readme(below: 1)
      for piece in bytes.pieces(of: 100) { try search.feed(piece) }
    }
  }

  @Test func `gems with damage inside`() async throws {
    let data = TestTar([("lib/a.rb", "1"), ("README.md", "# A")]).adding("b", type: "2", link: "a")
    await replay([data.bytes]) { bytes in
      let gem = TestTar().adding("metadata.gz", TestGzip.stored("name: a\nversion: '1'".bytes))
        .adding("data.tar.gz", TestGzip.stored(bytes))
      var (archive, search) = (GemArchive(), GemReadmeSearch())
      for piece in gem.bytes.pieces(of: 500) {
        try? search.feed(piece)
        try archive.feed(piece)
      }
      _ = try archive.finish()
    }
  }
}
