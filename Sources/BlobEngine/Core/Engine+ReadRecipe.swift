import Bytes
import Disk

/// Reads of blobs that are put together: all runs of a window are asked for at once.
extension Engine {
  /// Begins a read of a recipe, or begins anew where the recipe has gone while it was read: its
  /// chunks may have gone with it.
  ///
  /// From here on the reader keeps them.
  mutating func deliverRecipe(
    _ fetched: FetchedRecord,
    _ range: Range<UInt64>?,
    to request: RequestID
  ) {
    let record = fetched.record
    let key = record.head.key
    guard let source = RecipeSource(fetched) else {
      let place = fetched.place
      let damage = BlobDamage(.table, slot: place.slot, offset: UInt64(place.offset))
      noteDamage(damage, to: key)
      return reply(request, failure: .damaged(key: key, damage))
    }
    let reader = Reader(info: BlobInfo(record), range: record.clamped(range), recipe: source)
    read(by: reader, for: request)
  }

  /// Takes a reader up, and lets it answer.
  mutating func read(by reader: Reader, for request: RequestID) {
    let id = ReaderID(number: nextNumber())
    readers[id] = reader
    readOn(id, for: request)
  }

  /// The next window of a recipe's reader.
  mutating func fetchWindow(
    of recipe: RecipeSource,
    _ range: Range<UInt64>,
    then: @escaping (inout Engine, ReadAhead) -> Void
  ) {
    let window = recipe.window(of: range, limit: limits.extentByteCount)
    let groups = window.partsBySource
    let gathering = RecipeGathering(count: groups.count)
    let buffer = makeBuffer(window.byteCount)
    for parts in groups {
      fill(buffer, with: parts, of: recipe) { engine, damage in
        guard gathering.add(damage) else { return }
        then(
          &engine,
          gathering.damage.map { .damaged($0) }
            ?? .gathered(buffer, window.start..<window.end, recipe.place)
        )
      }
    }
  }

  /// Copies what runs say into a window, all of them of one source.
  private mutating func fill(
    _ buffer: DiskBuffer,
    with parts: [RecipeWindow.Part],
    of recipe: RecipeSource,
    then: @escaping (inout Engine, BlobDamage?) -> Void
  ) {
    guard let source = parts[0].source else {
      for part in parts { recipe.copySkeleton(part, into: buffer) }
      return then(&self, nil)
    }
    let start = parts.map(\.range.lowerBound).min() ?? 0
    let end = parts.map(\.range.upperBound).max() ?? 0
    findChunk(source, .logical(start..<end), fromDisk: recipe.fromDisk) { engine, finding in
      switch finding {
      case .found(let chunk, let place):
        let isWhole = parts.allSatisfy { chunk.copy($0, into: buffer) }
        then(&engine, isWhole ? nil : BlobDamage(.table, of: place))
      case .damaged(let damage, _): then(&engine, damage)
      case .absent: then(&engine, BlobDamage(.extent, slot: .max, offset: start))
      }
    }
  }
}

extension RecipeSource {
  /// Copies what a run takes of the skeleton.
  fileprivate func copySkeleton(_ part: RecipeWindow.Part, into window: DiskBuffer) {
    let start = skeletonStart + Int(part.range.lowerBound)
    let bytes = skeleton.span.extracting(start..<(start + part.range.count))
    window.copy(from: bytes, at: part.position)
  }
}

extension FetchedRecord {
  /// Copies what a run takes of a chunk; false when the chunk does not have it.
  fileprivate func copy(_ part: RecipeWindow.Part, into window: DiskBuffer) -> Bool {
    guard record.head.codec == .raw, part.range.upperBound <= record.head.logicalByteCount else {
      return false
    }
    let start = record.payload.lowerBound + Int(part.range.lowerBound)
    window.copy(
      from: buffer.span.extracting(start..<(start + part.range.count)),
      at: part.position
    )
    return true
  }
}

extension BlobDamage {
  fileprivate init(_ kind: Kind, of place: IndexPlace) {
    self.init(kind, slot: place.slot, offset: place.offset)
  }
}

/// The runs of a window, until the last is there.
private final class RecipeGathering {
  private var missing: Int
  private(set) var damage: BlobDamage?

  init(count: Int) { missing = count }

  /// Takes note of a run; true when it was the last.
  func add(_ damage: BlobDamage?) -> Bool {
    self.damage = self.damage ?? damage
    missing -= 1
    return missing == 0
  }
}
