import BlobEngine
import Bytes
import Foundation
import Simulation
import Testing

/// A store on a small file system of its own, full to the last block.
@Suite("A full file system", .tags(.slow))
struct FullFileSystemTests {
  /// Whether a file system can be made and mounted here: it takes root and loop devices.
  private static let canMount = SmallFileSystem.isPossible

  @Test(.enabled(if: canMount, "needs root, mkfs.ext4 and loop devices"))
  func `a hundred times full and emptied, a store goes on`() async throws {
    let fileSystem = try SmallFileSystem(byteCount: 256 << 20)
    defer { fileSystem.remove() }
    var cycle = FillCycle(seed: 5)
    let store = try await fileSystem.openStore()
    for number in 0..<100 {
      try await cycle.fill(store)
      try #require(
        cycle.blobs.count * 10 >= cycle.mostCount * 7,
        "cycle \(number): \(cycle.blobs.count), once \(cycle.mostCount)"
      )
      await #expect(throws: EngineError.storageFull) {
        _ = try await store.makeWriter(byteCount: 300 << 20)
      }
      try await cycle.readOne(store)
      try await cycle.deleteSome(store)
    }
    try await cycle.readAll(store)
    await store.close()
    let again = try await fileSystem.openStore()
    try await cycle.readAll(again)
    await again.close()
  }

  /// The other file takes every block while the store has only begun, and goes in the end.
  @Test(.enabled(if: canMount, "needs root, mkfs.ext4 and loop devices"))
  func `somebody else's file stops puts, and nothing else, until it is gone`() async throws {
    let fileSystem = try SmallFileSystem(byteCount: 256 << 20)
    defer { fileSystem.remove() }
    var cycle = FillCycle(seed: 6)
    let store = try await fileSystem.openStore()
    try await cycle.put(200, store)
    try fileSystem.takeAllThatIsLeft()
    for _ in 0..<20 {
      try await cycle.fill(store)
      try await cycle.readOne(store)
      try await cycle.deleteSome(store)
    }
    try await cycle.readAll(store)
    try await store.checkpoint()
    let crowded = cycle.mostCount
    try fileSystem.giveBack()
    // The engine asks again once its clock, which it looks at once a second, has moved on.
    while cycle.blobs.count < crowded * 2 { try await cycle.put(1, store, mayBeRefused: true) }
    try await cycle.readAll(store)
    await store.close()
  }
}

/// A file system in a file.
private struct SmallFileSystem {
  private let folder: URL
  private var image: String { folder.appendingPathComponent("image").path }
  private var root: String { folder.appendingPathComponent("root").path }
  private var other: String { "\(root)/other" }

  static var isPossible: Bool {
    guard let made = try? SmallFileSystem(byteCount: 16 << 20) else { return false }
    made.remove()
    return true
  }

  init(byteCount: Int) throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("larder-full-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("root"),
      withIntermediateDirectories: true
    )
    try Self.run("truncate", "-s", "\(byteCount)", image)
    do {
      try Self.run("mkfs.ext4", "-q", "-m", "0", image)
      try Self.run("mount", "-o", "loop", image, root)
    } catch {
      try? FileManager.default.removeItem(at: folder)
      throw error
    }
  }

  func remove() {
    try? Self.run("umount", root)
    try? FileManager.default.removeItem(at: folder)
  }

  func openStore() async throws -> BlobStore {
    try await BlobStore.open(
      at: "\(root)/store",
      options: StoreOptions(
        segmentByteCount: 4 << 20,
        recentByteLimit: 1 << 20,
        checkpointByteInterval: 8 << 20,
        acceptsAnyFileSystem: true
      )
    )
  }

  /// Takes whole megabytes first and then single blocks, until nothing is left.
  func takeAllThatIsLeft() throws {
    _ = FileManager.default.createFile(atPath: other, contents: nil)
    guard let file = FileHandle(forWritingAtPath: other) else { throw CocoaError(.fileNoSuchFile) }
    for count in [1 << 20, 4096] {
      let chunk = Data(repeating: 7, count: count)
      while (try? file.write(contentsOf: chunk)) != nil {}
    }
    try? file.synchronize()
    try file.close()
  }

  func giveBack() throws { try FileManager.default.removeItem(atPath: other) }

  private struct Failure: Error {
    let command: [String]
  }

  private static func run(_ command: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(command: command) }
  }
}

/// What was put and not deleted.
private struct FillCycle {
  private(set) var blobs: [(key: SHA256Digest, number: Int)] = []
  private(set) var mostCount = 0
  private var next = 0
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  private static let sizes = [9_000, 160_000, 5_000, 42_000, 3_000, 1_000_000, 70_000]

  private static func bytes(_ number: Int) -> [UInt8] {
    // Noise: what repeats would be compressed, and fill nothing.
    var bytes = [UInt8](repeating: 0, count: sizes[number % sizes.count])
    var state = UInt64(number) | 1
    for place in bytes.indices {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      bytes[place] = UInt8(truncatingIfNeeded: state >> 56)
    }
    return bytes
  }

  mutating func put(_ count: Int, _ store: BlobStore, mayBeRefused: Bool = false) async throws {
    for _ in 0..<count {
      do throws(EngineError) {
        blobs.append((try await store.put(Self.bytes(next)).key, next))
        next += 1
      } catch {
        guard mayBeRefused, error == .storageFull else { throw error }
      }
    }
  }

  /// Puts until the store says that it is full.
  mutating func fill(_ store: BlobStore) async throws {
    do throws(EngineError) {
      while true {
        blobs.append((try await store.put(Self.bytes(next)).key, next))
        next += 1
      }
    } catch {
      guard error == .storageFull else { throw error }
    }
    mostCount = max(mostCount, blobs.count)
  }

  mutating func deleteSome(_ store: BlobStore) async throws {
    blobs.shuffle(using: &generator)
    let count = blobs.count * 3 / 10
    for blob in blobs.suffix(count) { try #require(try await store.delete(blob.key)) }
    blobs.removeLast(count)
  }

  mutating func readOne(_ store: BlobStore) async throws {
    guard let blob = blobs.randomElement(using: &generator) else { return }
    try #require(try await store.get(blob.key) == Self.bytes(blob.number))
  }

  func readAll(_ store: BlobStore) async throws {
    for blob in blobs {
      try #require(try await store.get(blob.key) == Self.bytes(blob.number))
    }
  }
}
