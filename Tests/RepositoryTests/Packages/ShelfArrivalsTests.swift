import Bytes
import Catalog
import Codec
import Synchronization
import Testing

@testable import Repository

@Suite("Documents on their way into the store")
struct ShelfArrivalsTests {
  private let key = ExternalDocumentKey(connection: .npmjs, path: "https://registry.test/widget")
  private let other = ExternalDocumentKey(connection: .npmjs, path: "https://registry.test/gadget")

  /// Keeps a document whose storing ends when `disk` says so.
  private func keep(
    _ text: String,
    as key: ExternalDocumentKey,
    in arrivals: ShelfArrivals,
    _ disk: Pending<Void>,
    _ order: @escaping @Sendable (String) -> Void = { _ in }
  ) async -> SHA256Digest {
    let bytes = Array(text.utf8)
    let blob = SHA256Stream.digest(of: bytes.span)
    await arrivals.keep(bytes, blob, as: key) {
      await disk.value()
      order(text)
    }
    return blob
  }

  @Test func `a document can be read while the disk is busy, and is let go after`() async {
    let (arrivals, disk) = (ShelfArrivals(), Pending<Void>())
    let blob = await keep("first", as: key, in: arrivals, disk)
    #expect(arrivals.bytes(blob) == Array("first".utf8))
    disk.resolve(())
    await arrivals.settle()
    #expect(arrivals.bytes(blob) == nil)
  }

  @Test func `of one document the later is stored last, however long the earlier took`() async {
    let (arrivals, slow, fast) = (ShelfArrivals(), Pending<Void>(), Pending<Void>())
    let stored = Mutex<[String]>([])
    let note = { @Sendable (text: String) in stored.withLock { $0.append(text) } }
    fast.resolve(())
    _ = await keep("first", as: key, in: arrivals, slow, note)
    _ = await keep("second", as: key, in: arrivals, fast, note)
    _ = await keep("third", as: other, in: arrivals, fast, note)
    await arrivals.settle(other)
    #expect(stored.withLock(\.self) == ["third"])
    slow.resolve(())
    await arrivals.settle(key)
    #expect(stored.withLock(\.self) == ["third", "first", "second"])
  }

  @Test func `the same bytes of two documents stay until both are stored`() async {
    let (arrivals, slow, fast) = (ShelfArrivals(), Pending<Void>(), Pending<Void>())
    fast.resolve(())
    let blob = await keep("same", as: key, in: arrivals, slow)
    _ = await keep("same", as: other, in: arrivals, fast)
    await arrivals.settle(other)
    #expect(arrivals.bytes(blob) != nil)
    slow.resolve(())
    await arrivals.settle()
    #expect(arrivals.bytes(blob) == nil)
  }

  @Test func `where too much waits for the disk, who brings more waits too`() async {
    let (arrivals, disk) = (ShelfArrivals(byteLimit: 8), Pending<Void>())
    _ = await keep("12345678", as: key, in: arrivals, disk)
    let through = Pending<Bool>()
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        _ = await keep("9", as: other, in: arrivals, disk)
        through.resolve(true)
      }
      let one = SHA256Stream.digest(of: Array("9".utf8).span)
      while arrivals.bytes(one) == nil { await Task.yield() }
      for _ in 0..<100 { await Task.yield() }
      #expect(through.current == nil)
      disk.resolve(())
    }
    #expect(through.current == true)
  }
}
