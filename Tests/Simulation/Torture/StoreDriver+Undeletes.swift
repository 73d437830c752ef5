import BlobEngine
import Bytes

// Having deleted blobs back. To the ledger that is a put, which may come to nothing.
extension StoreDriver {
  /// Asks for a blob to be there again.
  package func undelete(_ recipe: BlobRecipe) {
    let mustFind = isSurelyKept(recipe)
    let stamp = ledger.beginPut(recipe)
    begin(.undelete(recipe, stamp, mustFind: mustFind), .undelete(name(of: recipe)))
  }

  /// Has everything back that is surely kept, and reads it.
  package func undeleteAll() {
    let kept = ledger.recipes.filter { isSurelyKept($0) }
    for recipe in kept where failure == nil {
      undelete(recipe)
      settle()
    }
    for recipe in kept where failure == nil { read(recipe) }
    settle()
  }

  /// Whether the delay is not over, even if the answer takes some seconds, and nothing ends it.
  private func isSurelyKept(_ recipe: BlobRecipe) -> Bool {
    let options = conditions.options
    let isBounded = options.capacityByteCount != nil || harness.drive.capacity != .max
    guard let since = ledger.keptSince(recipe), !conditions.admitsDamage,
      !conditions.admitsFailures, options.keepsDeletedWhenFull || !isBounded
    else { return false }
    return harness.unixMilliseconds + 4_000 < since + options.deletionDelayMilliseconds
  }

  func endUndelete(
    _ recipe: BlobRecipe,
    _ stamp: Ledger.Stamp,
    mustFind: Bool,
    _ answer: Result<EngineReply, EngineError>
  ) {
    switch answer {
    case .success(.stored(let info)):
      check(info, of: recipe)
      ledger.endPut(recipe, stamp, mustFind || stamp.before == .present ? .flushed : .relaxed)
    case .success(.absent):
      if ledger.wasAlone(recipe, since: stamp) {
        if mustFind { fail("\(recipe) was deleted a moment ago, and is not kept") }
        if stamp.before == .present { fail("\(recipe) is there, and its undelete denies it") }
      }
      ledger.endVainUndelete(recipe, stamp)
    case .success: fail("an undelete of \(recipe) was answered with something else")
    case .failure(let error):
      ledger.endPut(recipe, stamp, nil)
      admit(error, during: "an undelete of \(recipe)")
    }
  }
}
