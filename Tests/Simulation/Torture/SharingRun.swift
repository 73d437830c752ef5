import BlobEngine
import Bytes
import Codec

/// The sharing of one archive's members, as the store's callers do it: one answer after the other.
///
/// A class, since several requests of it are under way at a time.
final class SharingRun {
  let recipe: BlobRecipe
  /// Whether the recipe is to give other bytes, as a faulty cut would.
  let isWrong: Bool
  var id: SharingID?
  /// The chunks on their way.
  var missing = 0
  var failure: EngineError?
  var draft: PreparedRecipe?
  var rebuilt = SHA256Stream()
  var isFinishing = false

  init(_ recipe: BlobRecipe, isWrong: Bool) {
    self.recipe = recipe
    self.isWrong = isWrong
  }
}

// Sharing the members of archives: the ledger stays as it is, whatever becomes of it.
extension StoreDriver {
  /// Lets an archive share its members.
  package func share(_ recipe: BlobRecipe, isWrong: Bool) {
    guard conditions.shares, preparer != nil else { return }
    begin(.sharing(SharingRun(recipe, isWrong: isWrong)), .beginSharing(name(of: recipe)))
  }

  func advance(_ run: SharingRun, _ answer: Result<EngineReply, EngineError>) {
    switch answer {
    case .failure(let error): fail(run, error)
    case .success(.absent), .success(.sharing(nil)): return
    case .success(.sharing(let id?)): cut(run, id)
    case .success(.stored(let info)) where run.isFinishing: check(info, of: run.recipe)
    case .success(.stored): goOn(run)
    case .success(.piece(let piece)): take(piece, run)
    case .success: fail("a sharing of \(run.recipe) was answered with something else")
    }
  }

  private func cut(_ run: SharingRun, _ id: SharingID) {
    run.id = id
    guard let preparer, let (draft, chunks) = plan(run, preparer) else {
      return begin(.cancel, .cancelSharing(id))
    }
    run.draft = draft
    run.missing = chunks.count
    for chunk in chunks { begin(.sharing(run), .putChunk(id, chunk)) }
  }

  /// Finds the members as a store does, under rules for small archives.
  private func plan(
    _ run: SharingRun,
    _ preparer: Preparer
  ) -> (PreparedRecipe, [PreparedBlob])? {
    let blob = book.blob(run.recipe)
    var rules = SharingRules(preparer)
    rules.leastArchiveByteCount = 1000
    rules.leastMemberByteCount = 500
    // Small ones have all members joined, large ones each for itself; headers make chunks.
    rules.leastChunkByteCount = 3000
    rules.skeletonByteLimit = 100
    guard let members = members(of: blob.bytes, rules) else { return nil }
    var cutter = RecipeCutter(members: members, rules: rules)
    let chunks = cutter.take(blob.bytes).map { preparer.chunk($0) }
    var keys = chunks.map(\.key)
    // The first two members of these archives are of one size.
    if run.isWrong, keys.count > 1 { keys.swapAt(0, 1) }
    let draft = cutter.recipe(
      of: preparer.name(of: blob.key),
      byteCount: UInt64(blob.bytes.count),
      chunks: keys,
      preparer
    )
    return draft.map { ($0, chunks) }
  }

  private func members(of bytes: [UInt8], _ rules: SharingRules) -> [Range<UInt64>]? {
    var finder = MemberFinder(byteCount: UInt64(bytes.count), rules: rules)
    var answer: [UInt8] = []
    while true {
      switch finder.next(after: answer) {
      case .read(let range): answer = Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)])
      case .found(let members): return members
      case .refused: return nil
      }
    }
  }

  private func goOn(_ run: SharingRun) {
    run.missing -= 1
    guard run.missing == 0, let id = run.id else { return }
    if run.failure != nil { return begin(.cancel, .cancelSharing(id)) }
    guard let draft = run.draft else { return }
    begin(.sharing(run), .readDraft(id, draft))
  }

  private func take(_ piece: StoredPiece, _ run: SharingRun) {
    do throws(EngineError) {
      let bytes = try piece.decoded(with: sealer)
      run.rebuilt.update(bytes.span)
    } catch {
      return fail(run, error)
    }
    if let reader = piece.reader { return begin(.sharing(run), .readOn(reader)) }
    guard let id = run.id else { return }
    run.isFinishing = true
    begin(.sharing(run), .finishSharing(id, rebuilt: name(of: run.rebuilt)))
  }

  private func name(of stream: SHA256Stream) -> SHA256Digest {
    let digest = stream.digest()
    return sealer?.name(of: digest) ?? digest
  }

  /// A full store shares nothing, a blob may go meanwhile, and what is wrong is refused.
  private func fail(_ run: SharingRun, _ error: EngineError) {
    run.failure = error
    switch error {
    case .storageFull, .writerClosed, .closed: break
    case .digestMismatch where run.isWrong: break
    // A wrong recipe may want more of a chunk than there is.
    case .damaged where run.isWrong && run.draft != nil && run.missing == 0: break
    default: admit(error, during: "a sharing of \(run.recipe)")
    }
    if run.missing > 0 { return goOn(run) }
    if let id = run.id { begin(.cancel, .cancelSharing(id)) }
  }
}
