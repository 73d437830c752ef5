import BlobEngine
import Bytes
import Simulation
import Testing

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

  @Test func `what is encrypted is copied as it is`() async throws {
    let bench = try await StoreBench(.threads)
    let key = try #require(DataKey([UInt8](repeating: 3, count: DataKey.byteCount)))
    let scope = bench.store.scoped(by: key)
    let blobs = (0..<40).map { prose(400_000, $0) }
    for blob in blobs { _ = try await scope.put(blob) }
    let report = try await bench.store.recompress()
    #expect(report.movedRecordCount > 0 && report.recompressedRecordCount == 0)
    for blob in blobs {
      let digest = try await scope.put(blob).key
      #expect(try await scope.get(digest) == blob)
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
