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
    let gathering = RecipeGathering(count: window.parts.count)
    let buffer = makeBuffer(window.byteCount)
    for part in window.parts {
      fill(buffer, with: part, of: recipe) { engine, damage in
        guard gathering.add(damage) else { return }
        then(
          &engine,
          gathering.damage.map { .damaged($0) }
            ?? .gathered(buffer, window.start..<window.end, recipe.place)
        )
      }
    }
  }

  /// Copies what a run says into a window.
  private mutating func fill(
    _ buffer: DiskBuffer,
    with part: RecipeWindow.Part,
    of recipe: RecipeSource,
    then: @escaping (inout Engine, BlobDamage?) -> Void
  ) {
    guard let source = part.source else {
      let start = recipe.skeletonStart + Int(part.range.lowerBound)
      let bytes = recipe.skeleton.span.extracting(start..<(start + part.range.count))
      buffer.copy(from: bytes, at: part.position)
      return then(&self, nil)
    }
    findChunk(source, .logical(part.range), fromDisk: recipe.fromDisk) { engine, finding in
      switch finding {
      case .found(let chunk, let place):
        then(&engine, chunk.copy(part, into: buffer) ? nil : BlobDamage(.table, of: place))
      case .damaged(let damage, _): then(&engine, damage)
      case .absent:
        then(&engine, BlobDamage(.extent, slot: .max, offset: part.range.lowerBound))
      }
    }
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
