import BlobEngine
import Foundation
import Testing

@Suite("One owner of a store")
struct OwnershipTests {
  private let options = StoreOptions(segmentByteCount: 1 << 20, acceptsAnyFileSystem: true)

  @Test func `a second process is refused and told why`() async throws {
    let scratch = try Scratch()
    let store = try await BlobStore.open(at: scratch.path, options: options)
    let info = try await store.put(Array("held".utf8))
    let refused = try LarderProcess.run([
      "store", "stat", "--store", scratch.path, "--any-file-system", "\(info.key)",
    ])
    #expect(refused.status == 1)
    #expect(refused.errors.contains("open in another process"))
    await store.close()
    let admitted = try LarderProcess.run([
      "store", "stat", "--store", scratch.path, "--any-file-system", "\(info.key)",
    ])
    #expect(admitted.status == 0, "\(admitted.errors)")
    #expect(admitted.output.hasPrefix("\(info.key)  4  "))
  }

  @Test func `a second opening in one process is refused, another store is not`() async throws {
    let (scratch, other) = (try Scratch(), try Scratch())
    let store = try await BlobStore.open(at: scratch.path, options: options)
    await #expect(throws: EngineError.locked) {
      _ = try await BlobStore.open(at: scratch.path, options: options)
    }
    let neighbour = try await BlobStore.open(at: other.path, options: options)
    let key = try await store.put([1, 2, 3]).key
    #expect(try await neighbour.stat(key) == nil)
    await store.close()
    await neighbour.close()
  }

  @Test func `a store that nobody refers to gives its directory back`() async throws {
    let scratch = try Scratch()
    let key = try await BlobStore.open(at: scratch.path, options: options).put([7]).key
    let store = try await BlobStore.open(at: scratch.path, options: options)
    #expect(try await store.get(key) == [7])
    await store.close()
  }
}
