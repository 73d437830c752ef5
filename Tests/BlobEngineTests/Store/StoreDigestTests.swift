import Bytes
import Codec
import Testing

@testable import BlobEngine

@Suite("Digests of blobs")
struct StoreDigestTests {
  /// Around what is hashed in place, what is one record, and what is several pieces.
  static let sizes = [0, 1, 65_536, 65_537, 131_072, 131_073, 1_000_000]

  private func digests(_ bytes: [UInt8], _ kinds: DigestKinds = .all) -> BlobDigests {
    BlobDigests(
      kinds.algorithms.map { algorithm in
        var stream = algorithm.makeStream()
        stream.update(bytes.span)
        return BlobDigest(algorithm: algorithm, bytes: stream.digest())
      }
    )
  }

  private func scope(_ store: BlobStore, isSealed: Bool) throws -> BlobScope {
    guard isSealed else { return store.plain }
    return store.scoped(
      by: try #require(DataKey([UInt8](repeating: 3, count: DataKey.byteCount)))
    )
  }

  @Test(arguments: sizes, [false, true]) func `a put answers what it was asked for, and keeps it`(
    byteCount: Int,
    isSealed: Bool
  ) async throws {
    let bench = try await StoreBench(.automatic)
    let scope = try scope(bench.store, isSealed: isSealed)
    let bytes = bench.bytes(byteCount)
    let info = try await scope.put(bytes, digests: .all)
    #expect(info.wasNew && info.digests == digests(bytes))
    #expect(try await scope.stat(info.key)?.digests == digests(bytes))
    let again = try await scope.put(bytes, digests: [.sha1])
    #expect(!again.wasNew && again.digests == digests(bytes, [.sha1]))
    await bench.store.close()
    let store = try await bench.open()
    let after = try self.scope(store, isSealed: isSealed)
    #expect(try await after.stat(info.key)?.digests == digests(bytes))
    #expect(try await after.get(info.key) == bytes)
    await store.close()
  }

  @Test func `nobody who asks for none gets any`() async throws {
    let bench = try await StoreBench(.automatic)
    for byteCount in [10, 1_000_000] {
      let info = try await bench.store.put(bench.bytes(byteCount))
      #expect(info.digests.kinds.isEmpty)
      #expect(try await bench.store.stat(info.key)?.digests.kinds == [])
    }
    await bench.store.close()
  }

  @Test(arguments: [100, 70_000, 131_072, 131_073, 900_000])
  func `a writer tells what its bytes hash to before they are a blob`(
    byteCount: Int
  ) async throws {
    let bench = try await StoreBench(.automatic)
    let bytes = bench.bytes(byteCount)
    let key = SHA256Stream.digest(of: bytes.span)
    for isKept in [false, true] {
      let writer = try await bench.store.makeWriter(digests: [.md5, .blake2b256])
      for start in stride(from: 0, to: bytes.count, by: 50_000) {
        try await writer.write(Array(bytes[start..<min(bytes.count, start + 50_000)]))
      }
      let written = try await writer.complete()
      #expect(written.key == key && written.byteCount == UInt64(byteCount))
      #expect(written.digests == digests(bytes, [.md5, .blake2b256]))
      #expect(try await writer.complete() == written)
      await #expect(throws: EngineError.writerClosed) { try await writer.write([1]) }
      #expect(try await writer.read(at: 0, upTo: 10) == Array(bytes.prefix(10)))
      #expect(try await bench.store.stat(key) == nil)
      guard isKept else {
        await writer.cancel()
        continue
      }
      let info = try await writer.finish(expecting: key)
      #expect(info.digests == written.digests && info.wasNew)
    }
    #expect(try await bench.store.get(key) == bytes)
    #expect(try await bench.store.stat(key)?.digests == digests(bytes, [.md5, .blake2b256]))
    await bench.store.close()
  }

  @Test func `many writers at once get each their own`() async throws {
    let bench = try await StoreBench(.automatic)
    let store = bench.store
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<12 {
        let bytes = bench.bytes(300_000 + number * 7_001, number)
        let expected = digests(bytes)
        group.addTask {
          let info = try await store.put(bytes, digests: .all)
          #expect(info.digests == expected)
        }
      }
      try await group.waitForAll()
    }
    await store.close()
  }

  // MARK: Made later

  @Test(arguments: sizes, [false, true]) func `digests that are lacking are made, and kept`(
    byteCount: Int,
    isSealed: Bool
  ) async throws {
    let bench = try await StoreBench(.automatic)
    let scope = try scope(bench.store, isSealed: isSealed)
    let bytes = bench.bytes(byteCount)
    let key = try await scope.put(bytes, digests: [.md5]).key
    #expect(try await scope.digests(of: key, [.md5]) == digests(bytes, [.md5]))
    #expect(bench.store.runtime.lateDigests.madeCount == 0)
    #expect(try await scope.digests(of: key, [.sha1, .md5]) == digests(bytes, [.sha1, .md5]))
    #expect(try await scope.digests(of: key, [.sha512]) == digests(bytes, [.sha512]))
    #expect(bench.store.runtime.lateDigests.madeCount == 2)
    #expect(try await scope.stat(key)?.digests == digests(bytes, [.md5, .sha1, .sha512]))
    await bench.store.close()
    let store = try await bench.open()
    let after = try self.scope(store, isSealed: isSealed)
    let all: DigestKinds = [.md5, .sha1, .sha512]
    #expect(try await after.digests(of: key, all) == digests(bytes, all))
    #expect(store.runtime.lateDigests.madeCount == 0)
    #expect(try await after.get(key) == bytes)
    await store.close()
  }

  @Test func `all who ask at once wait for one reading`() async throws {
    let bench = try await StoreBench(.automatic)
    let (store, bytes) = (bench.store, bench.bytes(1_000_000))
    let key = try await store.put(bytes).key
    let expected = digests(bytes)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<20 {
        group.addTask {
          let made = try await store.digests(of: key, .all)
          #expect(made == expected)
        }
      }
      try await group.waitForAll()
    }
    #expect(store.runtime.lateDigests.madeCount == 1)
    await store.close()
  }

  @Test func `of a blob that is not there, or not there any more, there are none`() async throws {
    let bench = try await StoreBench(.automatic)
    let key = try await bench.store.put(bench.bytes(1_000)).key
    #expect(try await bench.store.digests(of: key, .all) != nil)
    #expect(try await bench.store.delete(key))
    #expect(try await bench.store.digests(of: key, .all) == nil)
    await bench.store.close()
  }

  // MARK: In a scope

  @Test func `digests of a scope stand nowhere on the disk`() async throws {
    let bench = try await StoreBench(.automatic)
    let scope = try scope(bench.store, isSealed: true)
    let (asked, late) = (bench.bytes(5_000), bench.bytes(300_000))
    _ = try await scope.put(asked, digests: .all)
    let key = try await scope.put(late).key
    #expect(try await scope.digests(of: key, .all) == digests(late))
    let open = bench.bytes(6_000)
    _ = try await bench.store.put(open, digests: .all)
    await bench.store.close()
    for bytes in [asked, late] {
      for digest in digests(bytes).values { #expect(!bench.disk(has: digest.bytes)) }
    }
    for digest in digests(open).values { #expect(bench.disk(has: digest.bytes)) }
  }

  @Test func `sealed digests open for their blob alone, and unchanged`() throws {
    let key = try #require(DataKey([UInt8](repeating: 3, count: DataKey.byteCount)))
    let sealer = Sealer(
      try key.opened(),
      store: StoreIdentifier(value: 7),
      salts: SaltSource()
    )
    let (mine, other) = (SHA256Stream.digest(of: [1].span), SHA256Stream.digest(of: [2].span))
    let digests = digests([1, 2, 3], [.sha1, .sha512])
    let sealed = sealer.seal(digests, of: mine)
    #expect(sealer.open(sealed, of: mine) == digests)
    #expect(sealer.open(sealed, of: other) == nil)
    for byte in sealed.bytes.indices {
      var changed = sealed
      changed.bytes[byte] ^= 1
      #expect(sealer.open(changed, of: mine) == nil)
    }
    var renamed = sealed
    renamed.kinds = [.md5, .sha512]
    #expect(sealer.open(renamed, of: mine) == nil)
  }
}
