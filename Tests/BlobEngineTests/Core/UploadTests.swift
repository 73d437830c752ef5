import Bytes
import Codec
import Disk
import Testing

@testable import BlobEngine

@Suite("Uploads")
struct UploadTests {
  @Test(arguments: [1, 32_768, 32_769, 100_000, 300_000])
  func `a large blob comes back as it was written`(byteCount: Int) throws {
    let store = CoreHarness()
    let bytes = noise(byteCount)
    let info = try store.upload(bytes)
    #expect(info.wasNew)
    #expect(info.byteCount == UInt64(byteCount))
    #expect(try store.get(info.key) == bytes)
  }

  @Test func `ranges of a large blob cross its pieces`() throws {
    let store = CoreHarness()
    let bytes = text(90_000) + noise(90_000)
    let key = try store.upload(bytes).key
    for range in [0..<1, 32_767..<32_769, 60_000..<150_000, 179_999..<180_000, 5..<5] {
      let wanted = UInt64(range.lowerBound)..<UInt64(range.upperBound)
      #expect(try store.get(key, wanted) == Array(bytes[range]))
    }
  }

  @Test func `what grows can be read as far as it is in the log`() throws {
    let store = CoreHarness()
    let bytes = noise(65_536)
    let id = try store.beginUpload()
    try store.request(.append(id, store.preparer.extent(Array(bytes[..<32_768]))))
    guard
      case .piece(let piece) = try store.request(
        .readUpload(id, offset: 1_000, byteCount: 100_000)
      )
    else {
      Issue.record("the first piece is readable")
      return
    }
    #expect(try piece.decoded() == Array(bytes[1_000..<32_768]))
    guard case .absent = try store.request(.readUpload(id, offset: 32_768, byteCount: 1)) else {
      Issue.record("the second piece is not there yet")
      return
    }
  }

  @Test func `an upload that stands still for an hour is given up, and its bytes are dead`() throws
  {
    let store = CoreHarness()
    let (left, kept) = (try store.beginUpload(), try store.beginUpload())
    let piece = try store.preparer.extent(noise(32_768))
    for number in 0..<8 {
      try store.request(.append(left, piece))
      if number == 0 { try store.request(.append(kept, piece)) }
    }
    for minute in 1...62 {
      store.engine.receive(.tick(unixMilliseconds: 1_000_000 + UInt64(minute) * 60_000))
      if minute == 30 { try store.request(.append(kept, piece)) }
      store.run()
    }
    #expect(throws: EngineError.writerClosed) { try store.request(.append(left, piece)) }
    let bytes = noise(32_768) + noise(32_768)
    let key = SHA256Stream.digest(of: bytes.span)
    try store.request(.finishUpload(kept, PreparedName(key)))
    #expect(try store.get(key) == bytes)
    guard case .usage(let usage) = try store.request(.usage) else { throw CoreHarness.Unexpected() }
    #expect(usage.liveByteCount < 100_000 && usage.deadByteCount > 200_000, "\(usage)")
    #expect(store.engine.audit().isEmpty)
  }

  @Test func `the name is written after the pieces were flushed`() throws {
    let store = CoreHarness()
    let id = try store.beginUpload()
    let bytes = noise(1_000)
    store.isHolding = true
    let piece = store.ask(.append(id, try store.preparer.extent(bytes)))
    let end = store.ask(.finishUpload(id, PreparedName(SHA256Stream.digest(of: bytes.span))))
    store.run()
    #expect(store.answer(to: piece) == nil)
    #expect(store.answer(to: end) == nil)
    store.disk.forgetLog()
    store.release()
    _ = try #require(store.answer(to: end)).get()
    let slots = store.disk.log.compactMap { operation -> UInt32? in
      if case .write(.slot(let slot), let offset, _, _, _, _) = operation, offset >= 4096 {
        return slot
      }
      return nil
    }
    #expect(slots.count == 2)
    #expect(Set(slots).count == 2, "pieces and names go to different lanes")
  }

  @Test func `an upload of what is there is dropped, and its bytes are dead`() throws {
    let store = CoreHarness()
    let bytes = noise(100_000)
    try store.upload(bytes)
    let live = store.engine.liveByteCounts
    #expect(try !store.upload(bytes).wasNew)
    #expect(store.engine.liveByteCounts == live)
  }

  @Test func `two uploads of the same bytes at once both succeed`() throws {
    let store = CoreHarness()
    let bytes = noise(50_000)
    let key = SHA256Stream.digest(of: bytes.span)
    let uploads = try [store.beginUpload(), store.beginUpload()]
    for id in uploads {
      try store.request(.append(id, store.preparer.extent(Array(bytes[..<32_768]))))
      try store.request(.append(id, store.preparer.extent(Array(bytes[32_768...]))))
    }
    let ends = uploads.map { store.ask(.finishUpload($0, PreparedName(key))) }
    store.run()
    let infos = try ends.map { id -> BlobInfo? in
      guard case .stored(let info) = try #require(store.answer(to: id)).get() else { return nil }
      return info
    }
    #expect(infos.map { $0?.wasNew } == [true, false])
    #expect(try store.get(key) == bytes)
  }

  @Test func `a cancelled upload leaves nothing alive`() throws {
    let store = CoreHarness()
    let id = try store.beginUpload()
    try store.request(.append(id, store.preparer.extent(noise(20_000))))
    #expect(!store.engine.liveByteCounts.isEmpty)
    try store.request(.cancelUpload(id))
    #expect(store.engine.liveByteCounts.isEmpty)
    #expect(throws: EngineError.writerClosed) {
      try store.request(.append(id, store.preparer.extent([1])))
    }
  }

  @Test func `deleting large blobs frees their slots without copying`() throws {
    let store = CoreHarness()
    for round in 0..<20 {
      let key = try store.upload(noise(500_000, seed: UInt64(round))).key
      #expect(try store.delete(key))
      try store.request(.checkpoint)
    }
    #expect(store.disk.slotByteCount <= 12 * 256 << 10)
  }

  @Test func `a large blob survives a close and a crash`() throws {
    let store = CoreHarness()
    let bytes = noise(400_000)
    let key = try store.upload(bytes).key
    let crashed = store.reopened()
    #expect(try crashed.get(key) == bytes)
    try crashed.close()
    let closed = crashed.reopened()
    #expect(try closed.get(key) == bytes)
    #expect(try closed.delete(key))
    #expect(closed.engine.liveByteCounts.isEmpty)
  }
}
