import Bytes
import Codec
import Testing

@testable import BlobEngine

@Suite("Which small blobs stay in memory")
struct BlobQueuesTests {
  private func name(_ number: Int) -> SHA256Digest {
    SHA256Stream.digest(of: Array("\(number)".utf8).span)
  }

  private func blob(_ number: Int, _ byteCount: Int = 800) -> BlobQueues.Cached {
    BlobQueues.Cached(
      info: BlobInfo(
        key: name(number),
        byteCount: UInt64(byteCount),
        storedByteCount: UInt64(byteCount),
        wasNew: false
      ),
      bytes: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: byteCount)
    )
  }

  /// Room for a hundred blobs of 800 bytes.
  private func queues() -> BlobQueues { BlobQueues(budget: 100_000) }

  /// A read as the cache does it: found, or put in.
  private func read(_ number: Int, _ queues: inout BlobQueues) -> Bool {
    if queues.use(name(number)) != nil { return true }
    queues.insert(blob(number), as: name(number))
    return false
  }

  @Test func `what fits stays, and is what was put in`() {
    var queues = queues()
    for number in 0..<100 { queues.insert(blob(number), as: name(number)) }
    #expect(queues.count == 100)
    for number in 0..<100 { #expect(queues.use(name(number))?.bytes == blob(number).bytes) }
    #expect(queues.use(name(100)) == nil)
  }

  @Test func `the room is never exceeded, whatever comes`() {
    var queues = queues()
    for round in 0..<5000 {
      let number = (round &* 7919) % 700
      if queues.use(name(number)) == nil {
        queues.insert(blob(number, 1 + number * 37 % 3000), as: name(number))
      }
      if round % 11 == 0 { queues.remove(name((round &* 31) % 700)) }
      #expect(queues.cost <= 100_000)
      #expect(queues.placeCount <= 2 * queues.count + 129)
    }
    #expect(queues.count > 40)
  }

  @Test func `a scan takes nothing from what is in use`() {
    var queues = queues()
    for _ in 0..<4 { for number in 0..<60 { _ = read(number, &queues) } }
    // What is in use earns its place when others come.
    for number in 1000..<1200 { _ = read(number, &queues) }
    for number in 0..<60 { _ = read(number, &queues) }
    for number in 2000..<12_000 {
      _ = read(number, &queues)
      if number % 200 == 0 { for hot in 0..<60 { _ = read(hot, &queues) } }
    }
    let found = (0..<60).count { queues.use(name($0)) != nil }
    #expect(found >= 57, "\(found) of 60 are left")
  }

  @Test func `what comes back soon is taken for good`() {
    var queues = queues()
    _ = read(1, &queues)
    for number in 100..<200 { _ = read(number, &queues) }
    #expect(queues.use(name(1)) == nil, "it left, and is remembered")
    _ = read(1, &queues)
    for number in 300..<420 { _ = read(number, &queues) }
    #expect(queues.use(name(1)) != nil)
  }

  @Test func `what was removed is gone, and can come again`() {
    var queues = queues()
    _ = read(1, &queues)
    queues.remove(name(1))
    #expect(queues.use(name(1)) == nil)
    #expect(queues.cost == 0)
    _ = read(1, &queues)
    #expect(queues.use(name(1)) != nil)
    #expect(queues.count == 1)
  }

  @Test func `places of removed blobs do not gather`() {
    var queues = queues()
    for round in 0..<10_000 {
      _ = read(round % 3, &queues)
      queues.remove(name(round % 3))
    }
    #expect(queues.placeCount <= 130)
  }

  @Test func `a blob of half the room is not worth it`() {
    var queues = queues()
    queues.insert(blob(1, 60_000), as: name(1))
    #expect(queues.count == 0)
  }
}
