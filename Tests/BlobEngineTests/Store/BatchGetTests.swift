import Bytes
import Codec
import Foundation
import Testing

@testable import BlobEngine

@Suite("Many blobs at once")
struct BatchGetTests {
  /// More than the depth of a batch, of all forms: empty, a record, several pieces.
  private static let sizes = (0..<150).map { [0, 1, 5000, 70_000][$0 % 4] } + [2_500_000]

  private func digest(_ bytes: [UInt8]) -> SHA256Digest { SHA256Stream.digest(of: bytes.span) }

  @Test(arguments: [StoreOptions.InputOutput.automatic, .threads], [false, true])
  func `each key gets its own blob, in the order of the call`(
    disk: StoreOptions.InputOutput,
    isSealed: Bool
  ) async throws {
    let bench = try await StoreBench(disk) { $0.recentByteLimit = 0 }
    let key = try #require(DataKey([UInt8](repeating: 1, count: DataKey.byteCount)))
    let scope = isSealed ? bench.store.scoped(by: key) : bench.store.plain
    let blobs = Self.sizes.enumerated().map { bench.bytes($1, 2 * $0) }
    for bytes in blobs { _ = try await scope.put(bytes, durability: .relaxed) }
    var wanted = blobs.enumerated().map { index, bytes in
      index % 7 == 3 ? digest(Array("absent \(index)".utf8)) : digest(bytes)
    }
    wanted.shuffle()
    wanted += wanted.prefix(10)
    let byDigest = Dictionary(blobs.map { (digest($0), $0) }) { first, _ in first }
    let found = await scope.get(wanted)
    #expect(found.count == wanted.count)
    for (key, result) in zip(wanted, found) {
      #expect(try result.get() == byDigest[key])
    }
    #expect(await scope.get([SHA256Digest]()).isEmpty)
    await bench.store.close()
  }

  @Test func `one damaged blob spoils no other`() async throws {
    let bench = try await StoreBench(.threads) { $0.compresses = false }
    let blobs = (0..<80).map { bench.bytes(4000, 2 * $0) }
    for bytes in blobs { _ = try await bench.store.put(bytes) }
    await bench.store.close()
    try damage(blobs[40], in: bench.path)
    let again = try await bench.open()
    let found = await again.get(blobs.map(digest))
    for (index, result) in found.enumerated() where index != 40 {
      #expect(try result.get() == blobs[index])
    }
    #expect {
      try found[40].get()
    } throws: { error in
      guard case .damaged(let key, _)? = error as? EngineError else { return false }
      return key == digest(blobs[40])
    }
    await again.close()
  }

  @Test func `a closed store answers every key`() async throws {
    let bench = try await StoreBench(.threads)
    await bench.store.close()
    let found = await bench.store.get((0..<200).map { digest([UInt8($0)]) })
    #expect(found.count == 200)
    #expect(found.allSatisfy { $0 == .failure(.closed) })
  }

  /// Changes a byte in the middle of where the blob stands.
  private func damage(_ bytes: [UInt8], in folder: String) throws {
    let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    for file in files {
      let path = folder + "/" + file
      guard var data = FileManager.default.contents(atPath: path),
        let place = data.range(of: Data(bytes))
      else { continue }
      data[place.lowerBound + 2000] ^= 1
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.seek(toOffset: UInt64(place.lowerBound + 2000))
      try handle.write(contentsOf: data[(place.lowerBound + 2000)...(place.lowerBound + 2000)])
      try handle.close()
      return
    }
    Issue.record("the blob is in no file")
  }
}
