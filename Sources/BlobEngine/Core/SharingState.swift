import Bytes

/// What the engine knows of recipes and of their chunks.
///
/// Chunks are records of the index like blobs, under keys that no caller's blob can have
/// (``ChunkName``), and with a flag that keeps them out of callers' sight. Which of them are of use
/// is found out by reading the recipes, and kept nowhere: counts drift, lists do not.
struct SharingState {
  /// The blobs whose members are being shared.
  var runs: [SharingID: Sharing] = [:]
  /// The search for chunks that are of no use, while there is one.
  var collection: ChunkCollection?
  /// Who waits for the next search.
  var waiting: [(inout Engine) -> Void] = []
  /// The chunks in the index.
  private(set) var chunkCount = 0
  /// The recipes in the index.
  private(set) var recipeCount = 0
  /// How often chunks may have lost their last recipe since they were last looked at.
  private(set) var deathCount = 0

  /// Counts an entry that came to the index, or left it.
  mutating func count(_ place: IndexPlace, _ difference: Int) {
    if place.flags.contains(.recipe) { chunkCount += difference }
    if place.kind == .recipe { recipeCount += difference }
  }

  /// A recipe has gone, or comes to nothing.
  mutating func recipeDied() { deathCount += 1 }

  /// Whether so many recipes have gone that reading the others is worth it: an eighth of them.
  var isWorthCollecting: Bool {
    chunkCount > 0 && deathCount > 0 && deathCount * 8 >= recipeCount
  }

  /// Takes who waits, for a search that begins now.
  mutating func takeWaiting() -> [(inout Engine) -> Void] {
    defer { (waiting, deathCount) = ([], 0) }
    return waiting
  }
}

/// A blob on its way to a recipe.
struct Sharing {
  let key: SHA256Digest
  /// Names the key that the blob is encrypted with; nil: none.
  let keyID: KeyID?
  /// The chunks that it needs, which are not collected before its end.
  var chunks: Set<SHA256Digest> = []
  /// What is to be verified, then written.
  var draft: PreparedRecipe?
  var isFinishing = false
  /// When somebody last went on with it, in milliseconds since 1970.
  var lastMilliseconds: UInt64
}

/// Names the sharing of one blob's members, in one engine.
package struct SharingID: Hashable, Sendable {
  package let number: UInt64
  package init(number: UInt64) { self.number = number }
}
