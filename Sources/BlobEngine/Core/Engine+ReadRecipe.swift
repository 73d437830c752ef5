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
    guard let source = RecipeSource(fetched, range) else {
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
    let buffer = recipe.isSealed ? nil : makeBuffer(window.byteCount)
    let gathering = RecipeGathering(window, of: recipe, in: buffer)
    guard !gathering.isWhole else { return then(&self, gathering.outcome) }
    for parts in window.partsBySource {
      guard let source = parts[0].source else { continue }
      fetchChunk(source, for: parts, fromDisk: recipe.fromDisk) { engine, finding in
        gathering.take(finding, parts)
        if gathering.isWhole { then(&engine, gathering.outcome) }
      }
    }
  }

  /// Fetches as much of a chunk as a window needs.
  private mutating func fetchChunk(
    _ source: SHA256Digest,
    for parts: [RecipeWindow.Part],
    fromDisk: Bool,
    then: @escaping (inout Engine, Finding) -> Void
  ) {
    findChunk(source, .logical(parts.hull), fromDisk: fromDisk, then: then)
  }
}
