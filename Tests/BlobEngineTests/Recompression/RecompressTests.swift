import Bytes
import Codec
import Simulation
import Testing

@testable import BlobEngine

@Suite("Recompression in a store on disk")
struct RecompressTests {
  private func prose(_ byteCount: Int, _ variant: Int) -> [UInt8] {
    BlobRecipe(byteCount: byteCount, variant: variant, texture: .prose).makeBytes()
  }

  @Test(arguments: [StoreOptions.InputOutput.automatic, .threads])
  func `all of a store is compressed again, once`(
    _ disk: StoreOptions.InputOutput
  ) async throws {
    let bench = try await StoreBench(disk)
    let blobs = (0..<40).map { prose(400_000, $0) }
    var keys: [SHA256Digest] = []
    for blob in blobs { keys.append(try await bench.store.put(blob).key) }
    let before = try await bench.store.usage().liveByteCount
    let report = try await bench.store.recompress()
    #expect(report.recompressedRecordCount > 40)
    #expect(report.recompressionSavedByteCount > before / 50)
    #expect(try await bench.store.usage().liveByteCount < before - before / 60)
    #expect(try await bench.store.recompress().recompressedRecordCount == 0)
    await bench.store.close()
    let again = try await bench.open()
    for (key, blob) in zip(keys, blobs) {
      #expect(try await again.get(key) == blob)
      #expect(try await again.get(key, range: 70_000..<240_001) == Array(blob[70_000...240_000]))
    }
    await again.close()
  }

  /// Some of what the first piece of a blob becomes at level 9.
  private func coldFrame(of blob: [UInt8]) throws -> [UInt8] {
    var compressor = ZstandardCompressor(level: ZstandardCompressor.coldLevel)
    let frame = compressor.compress(blob.span.extracting(0..<131_072))
    return Array(try #require(frame)[1000..<1048])
  }

  @Test(arguments: [StoreOptions.InputOutput.automatic, .threads])
  func `what is encrypted is compressed again while its scope is in use`(
    _ disk: StoreOptions.InputOutput
  ) async throws {
    let bench = try await StoreBench(disk)
    let scope = bench.store.scoped(by: try .sample(3))
    let blobs = (0..<40).map { prose(400_000, $0) }
    for blob in blobs { _ = try await scope.put(blob) }
    let open = prose(200_000, 100)
    _ = try await bench.store.put(open)
    let before = try await bench.store.usage().liveByteCount
    let report = try await bench.store.recompress()
    #expect(report.recompressedRecordCount > 40)
    #expect(try await bench.store.usage().liveByteCount < before - before / 60)
    #expect(try await bench.store.recompress().recompressedRecordCount == 0)
    // One that is not encrypted, so that the search is seen to find what is there.
    #expect(bench.disk(has: try coldFrame(of: open)))
    #expect(!bench.disk(has: try coldFrame(of: blobs[7])))
    await bench.store.close()
    let again = try await bench.open()
    let same = again.scoped(by: try .sample(3))
    for blob in blobs {
      let key = SHA256Stream.digest(of: blob.span)
      #expect(try await same.get(key) == blob)
      #expect(try await again.scoped(by: .sample(4)).get(key) == nil)
    }
    await again.close()
  }

  @Test func `what is of a scope that nobody uses is copied as it is`() async throws {
    let bench = try await StoreBench(.threads)
    let blobs = (0..<40).map { prose(400_000, $0) }
    let key = try DataKey.sample(3)
    for blob in blobs { _ = try await bench.store.scoped(by: key).put(blob) }
    key.forget()
    let report = try await bench.store.recompress()
    #expect(report.movedRecordCount > 0 && report.recompressedRecordCount == 0)
    for blob in blobs {
      let digest = SHA256Stream.digest(of: blob.span)
      #expect(try await bench.store.scoped(by: .sample(3)).get(digest) == blob)
    }
    await bench.store.close()
  }

  @Test(arguments: [0, 30, 1_000, 30_000])
  func `a store may be closed while it compresses`(_ pause: Int) async throws {
    let bench = try await StoreBench(.threads)
    let blobs = (0..<40).map { prose(400_000, $0) }
    var keys: [SHA256Digest] = []
    for blob in blobs { keys.append(try await bench.store.put(blob).key) }
    let work = Task { [store = bench.store] in try? await store.recompress() }
    for _ in 0..<pause { await Task.yield() }
    await bench.store.close()
    _ = await work.value
    let again = try await bench.open()
    for (key, blob) in zip(keys, blobs) { #expect(try await again.get(key) == blob) }
    await again.close()
  }
}
