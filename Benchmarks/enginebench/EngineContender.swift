import BlobEngine
import Bytes

/// Our engine, through its public interface.
struct EngineContender: Contender {
  let name: String
  private let store: BlobStore

  init(_ name: String, directory: String, options: StoreOptions) async throws {
    self.name = name
    self.store = try await BlobStore.open(at: directory, options: options)
  }

  func put(_ bytes: [UInt8]) async throws -> Handle {
    try await store.put(bytes).key.hexadecimal
  }

  func get(_ handle: Handle) async throws -> [UInt8] {
    guard let key = SHA256Digest(hexadecimal: handle), let bytes = try await store.get(key) else {
      throw Lost(handle: handle)
    }
    return bytes
  }

  func close() async throws {
    await store.close()
  }
}

/// A contender does not have what it said it kept.
struct Lost: Error {
  let handle: Handle
}
