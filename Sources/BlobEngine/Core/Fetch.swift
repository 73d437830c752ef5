import Bytes
import Codec
import Disk

/// What records are verified with.
struct Verifier {
  let checksum: Checksum
  /// Whether checksums are believed unseen: a breakage.
  let isTrusting: Bool
}

/// The reading of one record, in one step or in two.
///
/// Two steps, head and then blocks, when only a small part of a large record is asked for: below a
/// quarter of a megabyte one read of everything is cheaper than two.
final class Fetch {
  let place: FetchPlace
  let name: FetchName
  let extent: FetchExtent
  /// Holds the file's pages from the one on that the record begins in.
  let buffer: DiskBuffer
  var mayTryAgain = true

  private static let smallestSplit = 256 << 10

  init(place: FetchPlace, name: FetchName, extent: FetchExtent, buffer: DiskBuffer) {
    self.place = place
    self.name = name
    self.extent = extent
    self.buffer = buffer
  }

  /// A verification that failed.
  struct Failure: Error {
    let kind: BlobDamage.Kind
  }

  enum Step {
    case finished(FetchOutcome)
    /// These pages are needed too.
    case more(Range<Int>)
    case damaged(BlobDamage.Kind)
  }

  /// Where the buffer's first byte lies in the slot's file.
  var start: Int { place.offset / StoreFormat.pageByteCount * StoreFormat.pageByteCount }

  private var position: Int { place.offset - start }
  private var allPages: Range<Int> {
    let end = position + place.byteCountBound
    let pages = StoreFormat.roundUp(end, to: StoreFormat.pageByteCount) / StoreFormat.pageByteCount
    return 0..<min(pages, buffer.byteCount / StoreFormat.pageByteCount)
  }

  /// The pages to read first.
  var firstPages: Range<Int> {
    readsInTwoSteps ? 0..<min(2, allPages.count) : allPages
  }

  private var readsInTwoSteps: Bool {
    switch extent {
    case .head: true
    case .logical(let range):
      place.byteCountBound > Self.smallestSplit
        && (range.map { $0.count < UInt64(place.byteCountBound / 4) } ?? false)
    }
  }

  /// Looks at the first pages and says what is needed beside them.
  func next(_ verifier: Verifier) -> Step {
    guard readsInTwoSteps, firstPages.count < allPages.count else {
      return Self.step(verified(verifier))
    }
    let readable = firstPages.count * StoreFormat.pageByteCount
    switch Result(catching: { () throws(FormatError) in try decode(readable, verifier) }) {
    case .failure(let error):
      return error.damage == .lengthOutOfBounds
        ? .more(firstPages.upperBound..<allPages.upperBound) : .damaged(.head)
    case .success(let record):
      guard name.matches(record.head) else { return .finished(.other) }
      guard case .logical(let range) = extent, record.hasStoredBytes else {
        return Self.step(verified(verifier))
      }
      let pages = pages(of: range, in: record)
      return pages.isEmpty ? Self.step(verified(verifier)) : .more(pages)
    }
  }

  private static func step(_ result: Result<FetchOutcome, Failure>) -> Step {
    switch result {
    case .success(let outcome): .finished(outcome)
    case .failure(let failure): .damaged(failure.kind)
    }
  }

  /// The pages behind the first ones that hold the blocks of a range.
  private func pages(of range: Range<UInt64>?, in record: Record) -> Range<Int> {
    let stored = record.storedRange(of: range)
    let block = UInt64(StoreFormat.blockByteCount)
    let page = StoreFormat.pageByteCount
    guard !stored.isEmpty else { return 0..<0 }
    let first = record.payload.lowerBound + Int(stored.lowerBound / block * block)
    let last =
      record.payload.lowerBound
      + Int(min((stored.upperBound + block - 1) / block * block, record.head.storedByteCount))
    let end = min(StoreFormat.roundUp(last, to: page) / page, allPages.upperBound)
    return min(max(first / page, firstPages.upperBound), end)..<end
  }

  /// Verifies what was read into the buffer.
  func verified(_ verifier: Verifier) -> Result<FetchOutcome, Failure> {
    let readable = min(allPages.count * StoreFormat.pageByteCount, buffer.byteCount)
    return verified(at: position, readable: readable, by: verifier)
  }

  /// Verifies a record at `position` of the buffer, of which `readable` bytes count.
  func verified(
    at position: Int,
    readable: Int,
    by verifier: Verifier
  ) -> Result<FetchOutcome, Failure> {
    let memory = buffer
    let bytes = memory.span.extracting(0..<readable)
    do throws(FormatError) {
      let record = try decode(readable, at: position, verifier)
      guard name.matches(record.head) else { return .success(.other) }
      if case .logical(let range) = extent, record.hasStoredBytes, !verifier.isTrusting {
        try record.checkPayload(
          of: bytes,
          covering: record.storedRange(of: range),
          offset: UInt64(start),
          checksum: verifier.checksum
        )
      }
      return .success(.found(FetchedRecord(record: record, buffer: buffer, place: place)))
    } catch {
      return .failure(Failure(kind: error.structure.blobDamage))
    }
  }

  private func decode(_ readable: Int, _ verifier: Verifier) throws(FormatError) -> Record {
    try decode(readable, at: position, verifier)
  }

  private func decode(
    _ readable: Int,
    at position: Int,
    _ verifier: Verifier
  ) throws(FormatError) -> Record {
    let memory = buffer
    return try Record(
      decoding: memory.span.extracting(0..<readable),
      at: position,
      offset: UInt64(start),
      checksum: verifier.checksum
    )
  }
}

extension Record {
  /// Whether there is a payload to verify.
  var hasStoredBytes: Bool { head.type?.hasPayload ?? false }

  /// A range of logical bytes, cut to what the record has; all of it for nil.
  func clamped(_ range: Range<UInt64>?) -> Range<UInt64> {
    let all = 0..<head.logicalByteCount
    return range.map { $0.clamped(to: all) } ?? all
  }

  /// The part of the payload that a range of logical bytes needs; of a recipe, the part of its
  /// skeleton.
  func storedRange(of range: Range<UInt64>?) -> Range<UInt64> {
    guard head.type == .recipe else { return FramePlan(clamped(range), of: self).stored }
    let skeleton = 0..<head.storedByteCount
    let needed = items.runs.skeletonRange(of: clamped(range)).clamped(to: skeleton)
    // Of what is encrypted there is always something to be verified.
    return needed.isEmpty && items.seal != nil ? skeleton.clamped(to: 0..<1) : needed
  }
}

extension FormatStructure {
  /// What damage to a part of a record is called when a blob is concerned.
  var blobDamage: BlobDamage.Kind {
    switch self {
    case .payload: .payload
    case .recordExtension: .table
    default: .head
    }
  }
}
