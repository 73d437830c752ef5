import BlobEngine
import Foundation
import Testing

/// A small file system of its own, which only the superuser can mount.
private final class SmallFileSystem {
  let path: String

  /// Mounts a tmpfs of `byteCount` bytes, or returns nil where that is not allowed.
  init?(byteCount: Int) throws {
    let scratch = FileManager.default.temporaryDirectory
      .appendingPathComponent("larder-full-\(UUID().uuidString)")
    path = scratch.path
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    let mounted = try Self.call("mount", ["-t", "tmpfs", "-o", "size=\(byteCount)", "none", path])
    guard mounted else {
      try FileManager.default.removeItem(at: scratch)
      return nil
    }
  }

  deinit {
    _ = try? Self.call("umount", [path])
    try? FileManager.default.removeItem(atPath: path)
  }

  private static func call(_ name: String, _ arguments: [String]) throws -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [name] + arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}

@Suite("A full disk")
struct FullDiskTests {
  /// The store asks the file system again once a second.
  private func putOnceThereIsRoom(
    _ bytes: [UInt8],
    into store: BlobStore
  ) async throws -> BlobInfo {
    let deadline = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < deadline {
      if let info = try await put(bytes, into: store) { return info }
      await Task.yield()
    }
    throw EngineError.storageFull
  }

  /// Puts a blob, or returns nil when the store is full.
  private func put(_ bytes: [UInt8], into store: BlobStore) async throws -> BlobInfo? {
    do {
      return try await store.put(bytes)
    } catch EngineError.storageFull {
      return nil
    }
  }

  @Test(arguments: [StoreOptions.InputOutput.ring, .threads])
  func `refuses new bytes, serves what is there, and goes on when there is room again`(
    _ disk: StoreOptions.InputOutput
  ) async throws {
    guard let small = try SmallFileSystem(byteCount: 24 << 20) else {
      print("skipped: only the superuser can mount a small file system")
      return
    }
    let ballast = URL(fileURLWithPath: "\(small.path)/ballast")
    try Data(count: 8 << 20).write(to: ballast)
    let options = StoreOptions(
      segmentByteCount: 1 << 20,
      checkpointByteInterval: 1 << 20,
      compresses: false,
      inputOutput: disk,
      acceptsAnyFileSystem: true
    )
    let store = try await BlobStore.open(at: "\(small.path)/store", options: options)
    var stored: [(BlobInfo, [UInt8])] = []
    var refusal: EngineError?
    for number in 0..<1_000 where refusal == nil {
      let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* number &+ $0 >> 8) }
      do {
        stored.append((try await store.put(bytes), bytes))
      } catch {
        refusal = error
      }
    }
    #expect(refusal == .storageFull)
    #expect(stored.count > 20)
    for (info, bytes) in stored { #expect(try await store.get(info.key) == bytes) }
    #expect(try await store.delete(stored[0].0.key))
    #expect(try await store.stat(stored[0].0.key) == nil)

    try FileManager.default.removeItem(at: ballast)
    let more = try await putOnceThereIsRoom([UInt8](repeating: 5, count: 100_000), into: store)
    #expect(try await store.get(more.key) == [UInt8](repeating: 5, count: 100_000))
    await store.close()
    let again = try await BlobStore.open(at: "\(small.path)/store", options: options)
    for (info, bytes) in stored.dropFirst() { #expect(try await again.get(info.key) == bytes) }
    await again.close()
  }
}
