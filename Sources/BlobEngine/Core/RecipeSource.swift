import Bytes
import Disk

/// What a recipe's bytes are put together from: chunks, and a skeleton in memory.
struct RecipeSource {
  private let runs: [RecipeRun]
  /// Where each run begins in the blob.
  private let starts: [UInt64]
  /// The recipe, with its skeleton or as much of it as the reader's range needs.
  let recipe: FetchedRecord
  /// Which part of the skeleton was read.
  private let loaded: Range<UInt64>
  /// Whether what is in memory does not count: the chunks are to be read from the disk.
  let fromDisk: Bool

  /// Takes a recipe that was read for a range of its blob; nil when its runs reach beyond its
  /// skeleton.
  init?(_ fetched: FetchedRecord, _ range: Range<UInt64>? = nil, fromDisk: Bool = false) {
    let record = fetched.record
    let limit = record.head.storedByteCount
    let isSound = record.items.runs.allSatisfy {
      $0.source != nil || $0.offset + $0.byteCount <= limit
    }
    guard isSound, record.head.codec == .raw else { return nil }
    runs = record.items.runs
    var end: UInt64 = 0
    starts = runs.map { run in
      defer { end += run.byteCount }
      return end
    }
    recipe = fetched
    loaded = record.storedRange(of: range)
    self.fromDisk = fromDisk
  }

  /// Takes a recipe that is not written yet; nil as above.
  init?(_ draft: PreparedRecipe, in buffer: DiskBuffer) {
    let record = Record(head: draft.head, items: draft.items)
    buffer.copy(from: draft.stored.payload.span, at: record.payload.lowerBound)
    let nowhere = FetchPlace(slot: .max, offset: 0, byteCountBound: 0)
    self.init(FetchedRecord(record: record, buffer: buffer, place: nowhere), fromDisk: true)
  }

  /// Where the recipe is, for reports of damage.
  var place: FetchPlace { recipe.place }

  /// Whether the recipe is encrypted, so that its chunks should be.
  var isSealed: Bool { recipe.record.items.seal != nil }

  /// The part of the skeleton that proves that the recipe is what was sealed, where a window takes
  /// nothing of it: the first byte that was read, and with it a block.
  var proof: Range<UInt64> { loaded.lowerBound..<min(loaded.lowerBound + 1, loaded.upperBound) }

  /// Whether the recipe needs a chunk.
  func uses(_ chunk: SHA256Digest) -> Bool { runs.contains { $0.source == chunk } }

  /// The part of the blob that begins at `range` and is read at once: whole runs, as long as they
  /// are `limit` bytes together, and of a run that is longer as much.
  ///
  /// - Precondition: the range is not empty, and lies in the blob.
  func window(of range: Range<UInt64>, limit: Int) -> RecipeWindow {
    let limit = UInt64(limit)
    var window = RecipeWindow(start: range.lowerBound)
    var number = number(of: range.lowerBound)
    while number < runs.count, window.end < range.upperBound {
      let run = runs[number]
      let end = min(starts[number] + run.byteCount, range.upperBound)
      let isFirst = window.parts.isEmpty
      guard isFirst || end - window.start <= limit else { break }
      window.append(run, from: starts[number], upTo: min(end, window.end + limit))
      number += 1
    }
    return window
  }

  /// The run that holds the byte at `offset`.
  private func number(of offset: UInt64) -> Int {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle + 1 } else { high = middle }
    }
    return max(0, low - 1)
  }
}

/// A part of a recipe's blob that is put together in memory.
struct RecipeWindow {
  let start: UInt64
  private(set) var end: UInt64
  private(set) var parts: [Part] = []

  /// A part of one run.
  struct Part {
    let source: SHA256Digest?
    /// Which bytes of the source.
    let range: Range<UInt64>
    /// Where they go in the window.
    let position: Int
  }

  init(start: UInt64) {
    self.start = start
    self.end = start
  }

  var byteCount: Int { Int(end - start) }

  /// The parts by what they are taken from, so that each source is read once.
  var partsBySource: [[Part]] {
    var groups: [[Part]] = []
    var numbers: [SHA256Digest?: Int] = [:]
    for part in parts {
      if let number = numbers[part.source] {
        groups[number].append(part)
      } else {
        numbers[part.source] = groups.count
        groups.append([part])
      }
    }
    return groups
  }

  /// Appends what there is of a run between the window's end and `limit`.
  fileprivate mutating func append(_ run: RecipeRun, from runStart: UInt64, upTo limit: UInt64) {
    let first = run.offset + (end - runStart)
    let range = first..<(first + (limit - end))
    parts.append(Part(source: run.source, range: range, position: Int(end - start)))
    end = limit
  }
}

extension [RecipeRun] {
  /// The bytes that chunks give.
  var chunkByteCount: UInt64 {
    reduce(0) { $0 + ($1.source == nil ? 0 : $1.byteCount) }
  }

  /// The part of the skeleton that a range of the blob needs.
  func skeletonRange(of range: Range<UInt64>) -> Range<UInt64> {
    var needed: Range<UInt64>?
    var start: UInt64 = 0
    for run in self {
      let whole = start..<(start + run.byteCount)
      start = whole.upperBound
      let part = range.clamped(to: whole)
      guard run.source == nil, !part.isEmpty else { continue }
      let first = run.offset + (part.lowerBound - whole.lowerBound)
      let last = first + (part.upperBound - part.lowerBound)
      let sofar = needed ?? first..<last
      needed =
        Swift.min(sofar.lowerBound, first)..<Swift.max(sofar.upperBound, last)
    }
    return needed ?? 0..<0
  }
}
