import Bytes
import Codec
import Foundation
import Synchronization
import Testing

@testable import BlobEngine

@Suite("Scopes of a store")
struct BlobScopeTests {
  private static let sizes = [
    0, 1, 4095, 65_535, 65_536, 65_537, 131_072, 131_073, 262_144, 300_001, 1_000_000,
  ]

  private func key(_ byte: UInt8) throws -> DataKey {
    try #require(DataKey([UInt8](repeating: byte, count: DataKey.byteCount)))
  }

  /// Bytes that compress, and say a word that is looked for.
  private func text(_ byteCount: Int, _ word: String) -> [UInt8] {
    let line = Array("\(word): the quick brown fox jumps over the lazy dog. ".utf8)
    return (0..<byteCount).map { line[$0 % line.count] }
  }

  // MARK: Reading

  @Test(arguments: sizes) func `what was put in a scope comes back, whole and in part`(
    _ byteCount: Int
  ) async throws {
    let bench = try await StoreBench(.automatic)
    let scope = bench.store.scoped(by: try key(1))
    for bytes in [bench.bytes(byteCount), text(byteCount, "text")] {
      let info = try await scope.put(bytes)
      #expect(info.key == SHA256Stream.digest(of: bytes.span))
      #expect(info.byteCount == UInt64(byteCount))
      #expect(try await scope.get(info.key) == bytes)
      #expect(try await scope.stat(info.key)?.byteCount == UInt64(byteCount))
      let cuts = [0, 1, byteCount / 3, 65_530, 65_540, byteCount / 3 * 2, byteCount]
      for from in cuts {
        for to in cuts where from < to && to <= byteCount {
          let part = try await scope.get(info.key, range: UInt64(from)..<UInt64(to))
          #expect(part == Array(bytes[from..<to]), "\(from) to \(to)")
        }
      }
      let beyond = UInt64(byteCount)..<UInt64(byteCount) + 10
      #expect(try await scope.get(info.key, range: beyond) == [])
    }
    await bench.store.close()
    let again = try await bench.open()
    let bytes = bench.bytes(byteCount)
    let digest = SHA256Stream.digest(of: bytes.span)
    #expect(try await again.scoped(by: try key(1)).get(digest) == bytes)
    await again.close()
  }

  @Test func `a blob of a scope can be read while it grows, and after`() async throws {
    let bench = try await StoreBench(.automatic)
    let scope = bench.store.scoped(by: try key(1))
    let bytes = bench.bytes(1_000_000)
    let writer = try await scope.makeWriter()
    for start in stride(from: 0, to: bytes.count, by: 90_000) {
      try await writer.write(Array(bytes[start..<min(bytes.count, start + 90_000)]))
      let readable = writer.readableByteCount
      #expect(try await readAll(writer) == Array(bytes.prefix(Int(readable))))
    }
    let info = try await writer.finish(expecting: SHA256Stream.digest(of: bytes.span))
    #expect(info.wasNew)
    #expect(try await readAll(writer) == bytes)
    #expect(try await scope.get(info.key) == bytes)
    await bench.store.close()
  }

  private func readAll(_ writer: BlobWriter) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let more = try await writer.read(at: UInt64(bytes.count), upTo: 70_000)
      guard !more.isEmpty else { return bytes }
      bytes += more
    }
  }

  @Test func `bytes that are not what was announced are not stored in a scope`() async throws {
    let bench = try await StoreBench(.automatic)
    let scope = bench.store.scoped(by: try key(1))
    for byteCount in [100, 400_000] {
      let bytes = bench.bytes(byteCount)
      let (actual, other) = (SHA256Stream.digest(of: bytes.span), SHA256Stream.digest(of: [0].span))
      await #expect(throws: EngineError.digestMismatch(expected: other, actual: actual)) {
        try await scope.put(bytes, expecting: other)
      }
      #expect(try await scope.stat(actual) == nil)
      #expect(try await scope.put(bytes, expecting: actual).wasNew)
    }
    await bench.store.close()
  }

  // MARK: Walls

  @Test func `scopes share nothing: not copies, not presence, not deletes`() async throws {
    let bench = try await StoreBench(.automatic)
    let parts = [
      bench.store.plain, bench.store.scoped(by: try key(1)), bench.store.scoped(by: try key(2)),
    ]
    for byteCount in [5_000, 400_000] {
      let bytes = bench.bytes(byteCount)
      let digest = SHA256Stream.digest(of: bytes.span)
      for part in parts {
        #expect(try await part.stat(digest) == nil)
        #expect(try await part.put(bytes).wasNew)
        #expect(try await part.put(bytes).wasNew == false)
      }
      #expect(try await parts[1].delete(digest))
      #expect(try await parts[1].delete(digest) == false)
      #expect(try await parts[1].get(digest) == nil)
      #expect(try await parts[0].get(digest) == bytes)
      #expect(try await parts[2].get(digest) == bytes)
    }
    await bench.store.close()
  }

  @Test func `a view made again finds the same blobs`() async throws {
    let bench = try await StoreBench(.automatic)
    let info = try await bench.store.scoped(by: try key(7)).put([1, 2, 3])
    #expect(try await bench.store.scoped(by: try key(7)).get(info.key) == [1, 2, 3])
    #expect(try await bench.store.scoped(by: try key(7)).put([1, 2, 3]).wasNew == false)
    await bench.store.close()
  }

  /// `engine.md` 10 and 17.8: what two tenants upload collides in XXH3 under the store's own
  /// secret, in both halves of the 128 bits; each reads back its own.
  @Test func `tenants whose blobs collide in XXH3 read back their own bytes`() async throws {
    let bench = try await StoreBench(.automatic) { $0.compresses = false }
    await bench.store.close()
    let inspection = try StoreInspection.read(at: bench.path, options: bench.options)
    let superblock = try #require(inspection.superblock)
    let checksum = try #require(Checksum(secret: superblock.hashSecret))
    let store = try await bench.open()
    let tenants = [store.plain, store.scoped(by: try key(1)), store.scoped(by: try key(2))]
    for byteCount in [256, 900, 70_000] {
      let (one, other) = CollidingPair.make(byteCount, secret: superblock.hashSecret)
      #expect(one != other)
      let first = 0..<min(byteCount, 64 << 10)
      let probes = [one, other].map { checksum.digest128($0.span.extracting(first)) }
      #expect(probes[0] == probes[1], "the pair collides")
      let heads = [one, other].map { checksum.digest64($0.span.extracting(first)) }
      #expect(heads[0] == heads[1], "the pair collides")
      for (number, tenant) in tenants.enumerated() {
        let mine = number % 2 == 0 ? one : other
        #expect(try await tenant.put(mine).wasNew)
        #expect(try await tenant.get(SHA256Stream.digest(of: mine.span)) == mine)
      }
      for tenant in tenants {
        for bytes in [other, one] { _ = try await tenant.put(bytes) }
        #expect(try await tenant.get(SHA256Stream.digest(of: one.span)) == one)
        #expect(try await tenant.get(SHA256Stream.digest(of: other.span)) == other)
      }
    }
    await store.close()
  }

  // MARK: Keys

  @Test func `without its key a blob cannot be read, and the error names the key`() async throws {
    let bench = try await StoreBench(.automatic)
    let (mine, other) = (try key(1), try key(2))
    let scope = bench.store.scoped(by: mine)
    for bytes in [[UInt8](), bench.bytes(5_000), bench.bytes(400_000)] {
      let info = try await scope.put(bytes)
      #expect(try await bench.store.get(info.key) == nil)
      #expect(try await bench.store.scoped(by: other).get(info.key) == nil)
      // Who knows what the engine calls it gets no further.
      let name = try scope.name(of: info.key)
      await #expect(throws: EngineError.keyUnavailable(mine.id)) {
        _ = try await bench.store.get(name)
      }
    }
    await bench.store.close()
  }

  @Test func `once its key is forgotten nothing of a scope can be read`() async throws {
    let bench = try await StoreBench(.automatic)
    let mine = try key(1)
    let scope = bench.store.scoped(by: mine)
    let bytes = bench.bytes(400_000)
    let info = try await scope.put(bytes)
    let reader = try #require(try await scope.makeReader(for: info.key))
    let writer = try await scope.makeWriter()
    try await writer.write(bytes)
    #expect(try await scope.get(info.key) == bytes)
    mine.forget()
    let lost = EngineError.keyUnavailable(mine.id)
    await #expect(throws: lost) { _ = try await scope.get(info.key) }
    await #expect(throws: lost) { _ = try await scope.stat(info.key) }
    await #expect(throws: lost) { _ = try await scope.put([1]) }
    await #expect(throws: lost) { _ = try await scope.delete(info.key) }
    await #expect(throws: lost) { _ = try await scope.makeWriter() }
    await #expect(throws: lost) { _ = try await reader.next() }
    await #expect(throws: lost) { _ = try await writer.finish() }
    // The key comes back from where it is kept.
    #expect(try await bench.store.scoped(by: try key(1)).get(info.key) == bytes)
    await bench.store.close()
  }

  @Test func `a data key tells its name and not itself`() throws {
    let mine = try key(0xAB)
    var shown = "\(mine) \(String(reflecting: mine))"
    dump(mine, to: &shown)
    #expect(shown.contains("\(mine.id)"))
    #expect(!shown.contains("171") && !shown.lowercased().contains("abab"))
    #expect(mine.id == (try key(0xAB)).id)
    #expect(mine.id != (try key(0xAC)).id)
    #expect(DataKey([1, 2, 3]) == nil)
  }

  // MARK: The disk

  @Test func `no plaintext, and no name of a known content, is anywhere on the disk`() async throws
  {
    let bench = try await StoreBench(.automatic) { $0.checkpointByteInterval = 1 << 20 }
    let scope = bench.store.scoped(by: try key(1))
    var secrets: [[UInt8]] = []
    for (number, byteCount) in [40, 5_000, 70_000, 131_073, 700_000].enumerated() {
      for bytes in [bench.bytes(byteCount, number), text(byteCount, "secret word \(number)")] {
        let info = try await scope.put(bytes)
        let writer = try await scope.makeWriter(durability: .relaxed)
        try await writer.write(bytes + [0])
        _ = try await writer.finish()
        secrets.append(Array(bytes.prefix(32)))
        secrets.append(Array(bytes.suffix(32)))
        secrets.append(Array(Hexadecimal.decode("\(info.key)") ?? []))
        #expect(try await scope.get(info.key) == bytes)
      }
    }
    // One that is not sealed, so that the search is seen to find what is there.
    let open = Array("a word that is not secret at all".utf8)
    _ = try await bench.store.put(open)
    try await bench.store.checkpoint()
    for secret in secrets { #expect(!bench.disk(has: secret), "\(secret)") }
    #expect(bench.disk(has: open))
    await bench.store.close()
    for secret in secrets { #expect(!bench.disk(has: secret), "\(secret)") }
  }

  @Test func `the store says that it is encrypted once it is, and not before`() async throws {
    let bench = try await StoreBench(.automatic)
    _ = try await bench.store.put(bench.bytes(1_000))
    let scope = bench.store.scoped(by: try key(1))
    #expect(try await scope.get(SHA256Stream.digest(of: [9].span)) == nil)
    await bench.store.close()
    #expect(try bench.features() == FeatureWords())
    let again = try await bench.open()
    let info = try await again.scoped(by: try key(1)).put(bench.bytes(1_000))
    let mine = try key(1)
    let name = try again.scoped(by: mine).name(of: info.key)
    let explanation = try await again.explain(name)
    #expect(explanation.lines.contains { $0.contains("\(mine.id)") })
    await again.close()
    let features = try #require(try bench.features())
    #expect(features == .encryption)
    #expect("\(features)".contains("encryption"))
    let third = try await bench.open()
    #expect(third.report.features == .encryption)
    await third.close()
    #expect(try bench.features() == .encryption)
  }
}

/// Pairs of inputs that collide in XXH3 under a secret that is known.
///
/// A stripe of 64 bytes adds, for each of its eight words, the word itself to the neighbour's
/// accumulator, and the product of the halves of the word under the secret. Where the lower half
/// equals the secret's the product is 0, so the upper halves of two such words in two stripes of
/// one block can be exchanged.
enum CollidingPair {
  static func make(_ byteCount: Int, secret: [UInt8]) -> ([UInt8], [UInt8]) {
    precondition(byteCount > 240, "shorter inputs are mixed in another way")
    var one = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 3) }
    // The secret moves on by 8 bytes with each stripe.
    for stripe in 0..<2 {
      for place in 0..<4 { one[stripe * 64 + place] = secret[stripe * 8 + place] }
    }
    var other = one
    for place in 4..<8 {
      one[place] = 1
      one[64 + place] = 2
      other[place] = 2
      other[64 + place] = 1
    }
    return (one, other)
  }
}
