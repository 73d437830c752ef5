import BlobEngine
import Foundation

/// A store in a directory of its own, with segments small enough that a few blobs fill one.
final class StoreBench: Sendable {
  let store: BlobStore
  let options: StoreOptions
  let path: String

  init(
    _ disk: StoreOptions.InputOutput,
    _ change: (inout StoreOptions) -> Void = { _ in }
  ) async throws {
    var options = StoreOptions(
      segmentByteCount: 1 << 20,
      cacheByteLimit: 0,
      inputOutput: disk,
      acceptsAnyFileSystem: true
    )
    change(&options)
    self.options = options
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("larder-store-\(UUID().uuidString)").path
    store = try await BlobStore.open(at: path, options: options)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Opens the directory again.
  func open() async throws -> BlobStore {
    try await BlobStore.open(at: path, options: options)
  }

  /// What the closed store says of itself.
  func features() throws -> FeatureWords? {
    try StoreInspection.read(at: path, options: options).superblock?.features
  }

  /// Whether bytes stand anywhere in the store's files.
  func disk(has needle: [UInt8]) -> Bool {
    let files = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return files.contains { file in
      guard let data = FileManager.default.contents(atPath: path + "/" + file) else { return false }
      return data.range(of: Data(needle)) != nil
    }
  }

  /// Bytes that look like nothing, the same ones for the same numbers.
  func bytes(_ byteCount: Int, _ number: Int = 0) -> [UInt8] {
    var state = UInt64(truncatingIfNeeded: byteCount &* 31 &+ number) | 1
    return (0..<byteCount).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
  }
}
