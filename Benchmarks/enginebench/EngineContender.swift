import BlobEngine
import Bytes

/// Our engine, through its public interface.
struct EngineContender: Contender {
  let name: String
  private let store: BlobStore
  private let blobs: BlobScope

  /// Opens a store; with a key everything is put in the key's scope.
  init(
    _ name: String,
    directory: String,
    options: StoreOptions,
    key: DataKey? = nil
  ) async throws {
    self.name = name
    let store = try await BlobStore.open(at: directory, options: options)
    self.store = store
    self.blobs = key.map { store.scoped(by: $0) } ?? store.plain
  }

  func put(_ bytes: [UInt8]) async throws -> Handle {
    try await blobs.put(bytes).key.hexadecimal
  }

  func get(_ handle: Handle) async throws -> [UInt8] {
    guard let key = SHA256Digest(hexadecimal: handle), let bytes = try await blobs.get(key) else {
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
