import Bytes
import Codec
import Testing

@testable import BlobEngine

@Suite("Seals of records")
struct SealTests {
  private let text = FormatExamples.sealedText

  private func sealer(_ first: UInt8 = 0, store: UInt128? = nil) throws -> Sealer {
    let key = try #require(DataKey((0..<32).map { UInt8($0) &+ first }))
    let store = store.map { StoreIdentifier(value: $0) } ?? FormatExamples.storeID
    return Sealer(try key.opened(), store: store, salts: SaltSource())
  }

  private func opens(
    _ sealed: Sealer.Sealed,
    of subject: SealSubject,
    by sealer: Sealer,
    _ seal: RecordSeal? = nil
  ) throws(EngineError) -> Bool {
    let count = SealedBlocks.blockCount(byteCount: sealed.payload.count)
    return try sealer.open(
      sealed.payload.span,
      blocks: 0..<count,
      of: subject,
      seal ?? sealed.seal,
      tags: sealed.tags
    ) == text
  }

  @Test func `the golden record opens`() throws {
    let bytes = FormatExamples.sealedRecord
    let record = try Record(
      decoding: bytes.span,
      offset: 0,
      checksum: FormatExamples.checksum
    )
    let subject = try #require(SealSubject(record))
    #expect(subject == FormatExamples.sealedSubject)
    let opened = try #require(FormatExamples.sealer).open(
      bytes.span.extracting(record.payload),
      blocks: 0..<1,
      of: subject,
      try #require(record.items.seal),
      tags: record.items.tags
    )
    #expect(opened == text)
  }

  @Test func `a record opens as what it was sealed as, and as nothing else`() throws {
    let sealer = try sealer()
    var subject = FormatExamples.sealedSubject
    subject.frames = FrameTable(logicalByteCount: 64, storedByteCounts: [30, 3])
    let sealed = sealer.seal(text, of: subject)
    #expect(try opens(sealed, of: subject, by: sealer))
    var others: [(name: String, subject: SealSubject)] = []
    func change(_ name: String, _ body: (inout SealSubject) -> Void) {
      var other = subject
      body(&other)
      others.append((name, other))
    }
    change("type") { $0.type = .extent }
    change("codec") { $0.codec = .zstandard }
    change("key") { $0.key = FormatExamples.key(1) }
    change("one bit of the key") {
      let words = $0.key.words
      $0.key = SHA256Digest(words: (words.0, words.1, words.2, words.3 ^ 1))
    }
    change("logical length") { $0.logicalByteCount += 1 }
    change("stored length") { $0.storedByteCount += 1 }
    change("length of a frame") { $0.frames?.storedByteCounts = [3, 30] }
    change("logical length of frames") { $0.frames?.logicalByteCount = 65 }
    change("frames") { $0.frames = nil }
    change("list") { $0.list = SealedListSubject(epoch: 0, stream: 0, extentCount: 0) }
    for other in others {
      #expect(try !opens(sealed, of: other.subject, by: sealer), "\(other.name)")
    }
  }

  @Test func `a recipe says what it is put together from`() throws {
    let sealer = try sealer()
    var subject = FormatExamples.sealedSubject
    subject.type = .recipe
    subject.codec = .raw
    subject.runs = [
      RecipeRun(source: nil, offset: 0, byteCount: 9),
      RecipeRun(source: FormatExamples.key(1), offset: 3, byteCount: 5),
      RecipeRun(source: FormatExamples.key(2), offset: 3, byteCount: 5),
    ]
    let sealed = sealer.seal(text, of: subject)
    #expect(try opens(sealed, of: subject, by: sealer))
    let changes: [(inout [RecipeRun]) -> Void] = [
      { $0.swapAt(1, 2) }, { $0[1].source = nil }, { $0[1].offset = 4 }, { $0[1].byteCount = 4 },
      { _ = $0.removeLast() }, { $0.append($0[0]) }, { $0 = [] },
    ]
    for (number, change) in changes.enumerated() {
      var other = subject
      change(&other.runs)
      #expect(try !opens(sealed, of: other, by: sealer), "\(number)")
    }
  }

  @Test func `a record opens with its salt, in its store, with its key`() throws {
    let sealer = try sealer()
    let subject = FormatExamples.sealedSubject
    let sealed = sealer.seal(text, of: subject)
    var seal = sealed.seal
    seal.salt = RecordSalt(low: seal.salt.low ^ 1, high: seal.salt.high)
    #expect(try !opens(sealed, of: subject, by: sealer, seal))
    seal.salt = RecordSalt(low: sealed.seal.salt.low, high: sealed.seal.salt.high ^ 1 << 127)
    #expect(try !opens(sealed, of: subject, by: sealer, seal))
    #expect(try !opens(sealed, of: subject, by: try self.sealer(store: 5)))
    let other = try self.sealer(1)
    #expect(throws: EngineError.keyUnavailable(sealed.seal.keyID)) {
      _ = try opens(sealed, of: subject, by: other)
    }
    // Not by calling it by the other key's name either.
    seal = sealed.seal
    seal.keyID = other.keyID
    #expect(try !opens(sealed, of: subject, by: other, seal))
  }

  @Test func `a list says whose extents it lists, how many and in which order`() throws {
    let sealer = try sealer()
    let key = FormatExamples.key(7)
    var subject = SealSubject(
      type: .blobOf,
      codec: .raw,
      key: key,
      logicalByteCount: 300,
      storedByteCount: 0
    )
    subject.list = SealedListSubject(epoch: 5, stream: 9, extentCount: 2)
    let sealed = sealer.seal([], of: subject)
    func list(_ extentCount: Int, key: SHA256Digest, byteCount: UInt64 = 300) -> SealedList? {
      var items = RecordExtension()
      items.seal = sealed.seal
      items.tags = sealed.tags
      items.extents = Array(repeating: FormatExamples.everyItem.extents[0], count: extentCount)
      let head = RecordHead(type: .blobOf, sequence: 1, logicalByteCount: byteCount, key: key)
      return SealedList(Record(head: head, items: items))
    }
    func extent(
      _ epoch: UInt64,
      _ stream: UInt64,
      _ ordinal: UInt64,
      _ offset: UInt64
    )
      -> SealSubject
    {
      let name = ExtentName(epoch: epoch, stream: stream, ordinal: ordinal, logicalOffset: offset)
      return SealSubject(
        type: .extent,
        codec: .raw,
        key: name.key,
        logicalByteCount: 100,
        storedByteCount: 100
      )
    }
    let second = PieceOwner.list(list(2, key: key), ordinal: 1)
    #expect(try second.owns(extent(5, 9, 1, 200), at: 200, sealer))
    #expect(try !second.owns(extent(5, 9, 0, 0), at: 0, sealer), "the first in the second's place")
    #expect(try !second.owns(extent(5, 9, 1, 200), at: 100, sealer), "at another place")
    #expect(try !second.owns(extent(5, 8, 1, 200), at: 200, sealer), "of another upload")
    #expect(try !second.owns(extent(4, 9, 1, 200), at: 200, sealer), "of another epoch")
    var blob = extent(5, 9, 1, 200)
    blob.type = .blob
    #expect(try !second.owns(blob, at: 200, sealer), "a blob for an extent")
    for other in [
      list(1, key: key), list(3, key: key), list(2, key: FormatExamples.key(8)),
      list(2, key: key, byteCount: 299), nil,
    ] {
      #expect(try !PieceOwner.list(other, ordinal: 1).owns(extent(5, 9, 1, 200), at: 200, sealer))
    }
    #expect(try !PieceOwner.blob.owns(extent(5, 9, 1, 200), at: 200, sealer))
  }

  @Test func `no salt comes twice, unless nonces are reused on purpose`() throws {
    let source = SaltSource()
    let salts = (0..<10_000).map { _ in source.next() }
    #expect(Set(salts).count == salts.count)
    let broken = SaltSource(breakages: .reuseNonce)
    #expect(broken.next() == broken.next())
  }

  @Test func `a seal without tags, or of a kind that is never sealed, is damage`() throws {
    let seal = RecordSeal(keyID: KeyID(value: 1), salt: RecordSalt(low: 1, high: 2))
    func decode(_ type: RecordType, _ change: (inout RecordExtension) -> Void) -> FormatError? {
      var items = RecordExtension()
      items.seal = seal
      items.tags = [UInt8](repeating: 1, count: 16)
      change(&items)
      let tail = items.encode()
      var head = RecordHead(
        type: type,
        sequence: 1,
        logicalByteCount: type.hasPayload ? 10 : 0,
        storedByteCount: type.hasPayload ? 10 : 0,
        key: .none
      )
      head.extensionByteCount = tail.count
      var bytes = [UInt8](repeating: 0, count: head.headByteCount)
      var span = bytes.mutableSpan
      head.encode(into: &span, extension: tail.span, checksum: FormatExamples.checksum)
      do throws(FormatError) {
        _ = try Record(decoding: bytes.span, offset: 0, checksum: FormatExamples.checksum)
        return nil
      } catch {
        return error
      }
    }
    #expect(decode(.blob) { _ in } == nil)
    #expect(decode(.extent) { _ in } == nil)
    #expect(decode(.blob) { $0.tags = [] }?.damage == .contradiction)
    #expect(decode(.blob) { $0.seal = nil }?.damage == .contradiction)
    #expect(decode(.blob) { $0.tags += $0.tags }?.damage == .contradiction)
    for type in [RecordType.tombstone, .touch, .digests, .dictionary] {
      #expect(decode(type) { _ in }?.damage == .contradiction, "\(type)")
    }
  }
}
