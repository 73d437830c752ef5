import Bytes
import Disk

/// The runs of a window, until the last is there.
///
/// What is not encrypted is put together here, in the engine's memory. What is encrypted is only
/// laid side by side: whoever has the key decrypts it, and puts it together.
final class RecipeGathering {
  private let window: RecipeWindow
  private let place: FetchPlace
  /// Where the bytes go; nil: they are encrypted.
  private let buffer: DiskBuffer?
  private var sealed: [SealedSource] = []
  private var missing: Int
  private var damage: BlobDamage?

  /// Begins with what the window takes of the skeleton.
  init(_ window: RecipeWindow, of recipe: RecipeSource, in buffer: DiskBuffer?) {
    self.window = window
    self.place = recipe.place
    self.buffer = buffer
    let groups = window.partsBySource
    missing = groups.count { $0[0].source != nil }
    let parts = groups.first { $0[0].source == nil } ?? []
    guard let buffer else {
      let range = parts.isEmpty ? recipe.proof : parts.hull
      sealed = [SealedSource(recipe.recipe, range, parts, of: .recipe)]
      return
    }
    for part in parts { recipe.recipe.copy(part, into: buffer) }
  }

  var isWhole: Bool { missing == 0 }

  /// What a reader gets.
  var outcome: ReadAhead {
    if let damage { return .damaged(damage) }
    let range = window.start..<window.end
    return .gathered(buffer.map { .plain($0) } ?? .sealed(sealed), range, place)
  }

  /// Takes what was found of a chunk.
  func take(_ finding: Finding, _ parts: [RecipeWindow.Part]) {
    missing -= 1
    switch finding {
    case .found(let chunk, let place):
      guard !take(chunk, parts) else { return }
      damage = damage ?? BlobDamage(.table, slot: place.slot, offset: place.offset)
    case .damaged(let found, _): damage = damage ?? found
    case .absent:
      damage = damage ?? BlobDamage(.extent, slot: .max, offset: parts.hull.lowerBound)
    }
  }

  /// Returns false when the chunk does not have what is wanted of it.
  private func take(_ chunk: FetchedRecord, _ parts: [RecipeWindow.Part]) -> Bool {
    let record = chunk.record
    guard record.head.codec == .raw, parts.hull.upperBound <= record.head.logicalByteCount else {
      return false
    }
    guard let buffer else {
      sealed.append(SealedSource(chunk, parts.hull, parts, of: .blob))
      return true
    }
    guard record.items.seal == nil else { return false }
    for part in parts { chunk.copy(part, into: buffer) }
    return true
  }
}

/// What a window was put together to.
enum GatheredBytes {
  case plain(DiskBuffer)
  case sealed([SealedSource])
}

/// A record that is encrypted, and which of its bytes go where in a piece.
struct SealedSource: Sendable {
  /// The bytes that are needed, perhaps with others between them.
  let piece: StoredPiece
  let parts: [RecipeWindow.Part]

  init(
    _ fetched: FetchedRecord,
    _ range: Range<UInt64>,
    _ parts: [RecipeWindow.Part],
    of owner: PieceOwner
  ) {
    piece = StoredPiece(fetched, range, base: 0, of: owner, info: nil, reader: nil)
    self.parts = parts
  }

  /// Decrypts the source, and copies what is wanted of it.
  ///
  /// - Throws: as ``StoredPiece/decoded(with:)``.
  func copy(to bytes: inout [UInt8], by sealer: Sealer) throws(EngineError) {
    let opened = try piece.decoded(with: sealer)
    for part in parts {
      let start = Int(part.range.lowerBound - piece.offset)
      let place = part.position..<(part.position + part.range.count)
      bytes.replaceSubrange(place, with: opened[start..<(start + part.range.count)])
    }
  }
}

extension [RecipeWindow.Part] {
  /// The bytes of their source that the parts lie in, and those between them.
  var hull: Range<UInt64> {
    let start = self.map(\.range.lowerBound).min() ?? 0
    return start..<(self.map(\.range.upperBound).max() ?? start)
  }
}

extension FetchedRecord {
  /// Copies a part of the payload, which is raw.
  fileprivate func copy(_ part: RecipeWindow.Part, into window: DiskBuffer) {
    let start = record.payload.lowerBound + Int(part.range.lowerBound)
    window.copy(
      from: buffer.span.extracting(start..<(start + part.range.count)),
      at: part.position
    )
  }
}
