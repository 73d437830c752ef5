import BlobEngine
import Testing

@Suite("Index")
struct BlobIndexTests {
  private func place(_ number: UInt64, _ kind: IndexKind = .blob) -> IndexPlace {
    IndexPlace(
      slot: UInt32(number >> 22 & 0xFFFFF),
      offset: (number & 0x3FFFFF) * 64,
      recordByteCount: 1000,
      kind: kind
    )
  }

  private func key(_ number: UInt64) -> IndexKey {
    var generator = FormatGenerator(seed: number)
    let fingerprint = generator.next()
    return IndexKey(
      partition: UInt8(truncatingIfNeeded: generator.next()),
      fingerprint: fingerprint
    )
  }

  @Test func `it does what a dictionary of lists does`() {
    let seed = FormatGenerator.makeSeed(for: "index model")
    var generator = FormatGenerator(seed: seed)
    var index = BlobIndex()
    var model: [IndexKey: Set<IndexPlace>] = [:]
    for step in 0..<20_000 {
      // Few partitions and few fingerprints, at both ends of the range: collisions of homes, of
      // fingerprints, and probes that go round the end of the table.
      let key = IndexKey(
        partition: UInt8(generator.next() % 2),
        fingerprint: (generator.next() % 300).subtractingReportingOverflow(150).partialValue
          &* (generator.chance(1, in: 2) ? 1 : 0x0123_4567_89AB_CDEF)
      )
      let known = model[key, default: []].sorted { $0.rawValue < $1.rawValue }
      switch generator.next() % 5 {
      case 0, 1:
        let place = place(UInt64(step))
        index.insert(key, place)
        model[key, default: []].insert(place)
      case 2 where !known.isEmpty:
        let old = known[Int(generator.next() % UInt64(known.count))]
        let new = place(UInt64(step), .blobOf)
        let replaced = index.replace(key, old, with: new)
        #expect(replaced)
        model[key]?.remove(old)
        model[key]?.insert(new)
      case 3, 4:
        guard let old = known.first else {
          let removed = index.remove(key, place(0))
          #expect(!removed)
          continue
        }
        let removed = index.remove(key, old)
        #expect(removed)
        let removedAgain = index.remove(key, old)
        #expect(!removedAgain, "it is gone")
        model[key]?.remove(old)
      default:
        let replaced = index.replace(key, place(.max), with: place(0))
        #expect(!replaced)
      }
      #expect(Set(index.candidates(for: key)) == model[key, default: []], "seed \(seed)")
    }
    index.checkInvariants()
    #expect(index.count == model.values.reduce(0) { $0 + $1.count })
    for (key, places) in model { #expect(Set(index.candidates(for: key)) == places) }
  }

  @Test func `deleting everything leaves nothing, in any order`() {
    var index = BlobIndex()
    let numbers = (0..<5000).map { UInt64($0) }
    for number in numbers { index.insert(key(number), place(number)) }
    var generator = FormatGenerator(seed: 3)
    for number in numbers.shuffled(using: &generator) {
      let removed = index.remove(key(number), place(number))
      #expect(removed)
    }
    index.checkInvariants()
    #expect(index.count == 0)
    for number in numbers { #expect(index.candidate(for: key(number)) == nil) }
  }

  @Test func `a partition goes through a checkpoint and comes back`() throws {
    var index = BlobIndex()
    for number in 0..<50_000 as Range<UInt64> { index.insert(key(number), place(number)) }
    let checksum = FormatExamples.checksum
    var loaded = BlobIndex()
    for number in 0...255 as ClosedRange<UInt8> {
      let entries = index.partition(number).entries
      var header = FormatExamples.checkpointHeader
      header.partition = number
      header.entryCount = UInt64(entries.count)
      let pages = CheckpointPages.encode(
        entries,
        partition: number,
        generationID: header.generationID,
        checksum: checksum
      )
      let read = try CheckpointPages.decode(pages.span, header: header, checksum: checksum)
      #expect(read == entries)
      var partition = IndexPartition()
      for entry in read { partition.insert(entry.fingerprint, entry.place) }
      loaded.load(partition, into: number)
    }
    loaded.checkInvariants()
    #expect(loaded.count == 50_000)
    for number in 0..<50_000 as Range<UInt64> {
      #expect(loaded.candidate(for: key(number)) == place(number))
    }
  }

  /// The budget: at most 24 bytes a blob, whenever one looks, and not while growing only.
  @Test func `a million blobs take no more than 24 bytes each, at every thousandth`() {
    fill(to: 1_000_000, measuringEvery: 1000)
  }

  /// Ten million take about 240 MB and a minute without optimisation, so they are asked for.
  @Test(.enabled(if: FormatGenerator.environment("LARDER_BIG_TESTS") != nil))
  func `ten million blobs take no more than 24 bytes each`() {
    fill(to: 10_000_000, measuringEvery: 100_000)
  }

  private func fill(to total: Int, measuringEvery step: Int) {
    var index = BlobIndex()
    var most = 0.0
    for number in 0..<total {
      index.insert(key(UInt64(number)), place(UInt64(number)))
      // Below a hundred thousand the 256 partitions hold too few for growing by a fifth.
      guard (number + 1) % step == 0, number >= 100_000 else { continue }
      most = max(most, Double(index.byteCount) / Double(number + 1))
    }
    print("index: at most \(most) bytes a blob up to \(total) blobs")
    #expect(most <= 24)
    #expect(index.count == total)
    for number in stride(from: 0, to: total, by: 997) {
      #expect(index.candidate(for: key(UInt64(number))) == place(UInt64(number)))
      #expect(index.candidate(for: key(UInt64(total + number))) == nil)
    }
  }
}
