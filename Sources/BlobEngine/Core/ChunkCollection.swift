import Bytes

/// A search for chunks that no recipe names: recipes are read, then what they name is kept.
///
/// A class, because its steps wait for the disk one after the other.
final class ChunkCollection {
  /// The recipes that are still to be read.
  private var recipes: [Entry]
  /// The chunks that may be of no use, once all recipes were read.
  var suspects: [Entry] = []
  /// The fingerprints of what recipes name.
  private var marked: Set<UInt64> = []
  private var isSweeping = false
  /// How many suspects are being looked at.
  var underWay = 0
  /// Who waits for the end.
  let waiting: [(inout Engine) -> Void]

  /// An entry of the index.
  struct Entry {
    let key: IndexKey
    let place: IndexPlace
  }

  init(recipes: [Entry], waiting: [(inout Engine) -> Void]) {
    self.recipes = recipes
    self.waiting = waiting
  }

  func nextRecipe() -> Entry? { recipes.popLast() }

  /// A chunk is of use.
  func mark(_ fingerprint: UInt64) { marked.insert(fingerprint) }

  func isMarked(_ key: IndexKey) -> Bool { marked.contains(key.fingerprint) }

  /// A recipe is elsewhere, perhaps before it was read; or new.
  func recipeMoved(_ key: IndexKey, to place: IndexPlace) {
    if place.kind == .recipe, !isSweeping { recipes.append(Entry(key: key, place: place)) }
  }

  func sweep(_ suspects: [Entry]) {
    isSweeping = true
    self.suspects = suspects
  }
}
