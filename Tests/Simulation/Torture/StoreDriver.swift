package import BlobEngine
import Bytes

/// Asks an engine for things, keeps the ledger by its answers, and compares.
///
/// The first contradiction is kept in ``failure`` and ends the run.
package final class StoreDriver {
  package let harness: EngineHarness
  package internal(set) var ledger: Ledger
  package private(set) var failure: String?
  /// How the store was opened.
  package private(set) var report: OpenReport?
  /// How many reads were compared with what was put.
  package internal(set) var comparedReadCount = 0
  /// What looks have found to be there.
  var found: Set<BlobRecipe> = []
  /// The keys of the last listing that came to its end.
  var listed: Set<SHA256Digest>?
  /// The keys of deletes, noted when they begin and when they are answered, in order.
  var deletedKeys: [SHA256Digest] = []
  /// The blobs whose puts were refused because the store is full.
  var refusedForRoom: Set<BlobRecipe> = []
  /// Counts puts and looks: some bring digests, by their number.
  var turnCount = 0
  /// How many answers said that a blob is damaged.
  package internal(set) var damageCount = 0

  /// Whether the store says of itself what the run needs it to.
  private var wasAnnounced = true

  let book: RecipeBook
  let conditions: Conditions
  private var activities: [RequestID: Activity] = [:]

  package init(
    harness: EngineHarness,
    ledger: Ledger,
    book: RecipeBook,
    conditions: Conditions
  ) {
    self.harness = harness
    self.ledger = ledger
    self.book = book
    self.conditions = conditions
    harness.onReply = { [unowned self] id, answer in receive(answer, for: id) }
  }

  /// Notes the first contradiction.
  func fail(_ message: @autoclosure () -> String) {
    guard failure == nil else { return }
    let said = harness.log.suffix(4).map { "\n  the store says: \($0.message)" }.joined()
    failure = message() + said
  }

  /// Opens the store on the harness's medium.
  ///
  /// - Returns: false when it cannot be used: the power went, or it would not open.
  package func open() -> Bool {
    switch harness.open() {
    case .success(let report):
      self.report = report
      checkBooks()
      return announce(report)
    case .failure(let error):
      if !conditions.admitsFailures, !conditions.admitsDamage {
        fail("the store does not open: \(error)")
      }
      return false
    case nil:
      if let misconduct = harness.misconduct { fail(misconduct) }
      return false
    }
  }

  /// Makes the store say that it is encrypted, for a run in a scope, and that it has recipes.
  ///
  /// - Returns: whether the store can be used as it should.
  private func announce(_ report: OpenReport) -> Bool {
    var wanted = conditions.scope == nil ? FeatureWords() : .encryption
    if conditions.shares { wanted.formUnion(.recipes) }
    if conditions.shares, conditions.scope != nil { wanted.formUnion(.sealedRecipes) }
    guard !report.features.contains(wanted) else { return true }
    wasAnnounced = false
    switch harness.answer(.announce(wanted)) {
    case .success(.checkpointed): wasAnnounced = true
    case .success: fail("an announcement was answered with something else")
    case .failure(let error): admit(error, during: "an announcement")
    case nil: if let misconduct = harness.misconduct { fail(misconduct) }
    }
    return wasAnnounced
  }

  /// What opens and seals in the run's scope; nil outside of scopes.
  var sealer: Sealer? { report.flatMap { conditions.scope?.sealer($0) } }

  /// What makes bytes ready for this store; nil while it takes none.
  var preparer: Preparer? {
    guard let preparer = report?.preparer, wasAnnounced else { return nil }
    return sealer.map { preparer.sealing(with: $0) } ?? preparer
  }

  /// What the engine calls a blob.
  func name(of recipe: BlobRecipe) -> SHA256Digest {
    let key = book.blob(recipe).key
    return sealer?.name(of: key) ?? key
  }

  /// Runs a number of turns, or until nothing is left to do.
  package func run(turns: Int?) {
    guard let turns else { return settle() }
    for _ in 0..<turns where !harness.turn() { break }
    if let misconduct = harness.misconduct { fail(misconduct) }
  }

  /// Runs until nothing is left to do, and compares the engine's books.
  package func settle() {
    harness.settle()
    if let misconduct = harness.misconduct { fail(misconduct) }
    checkBooks()
  }

  /// Compares the engine's bookkeeping with a recount.
  func checkBooks() {
    guard !harness.drive.isOff else { return }
    if let first = harness.audit().first { fail("the books are wrong: \(first)") }
    // The engine mends its books at a checkpoint, and says so.
    let mended = harness.log.first { $0.level == .alarm && $0.message.contains("counted wrongly") }
    if let mended { fail("the books were wrong: \(mended.message)") }
  }

  func begin(_ activity: Activity, _ request: EngineRequest) {
    activities[harness.ask(request)] = activity
    ledger.milliseconds = harness.unixMilliseconds
  }

  private func receive(_ answer: Result<EngineReply, EngineError>, for id: RequestID) {
    guard let activity = activities.removeValue(forKey: id) else {
      return fail("an answer to request \(id), which nobody asked")
    }
    switch activity {
    case .put(let recipe, let durability, let stamp): endPut(recipe, durability, stamp, answer)
    case .upload(let upload): send(upload, answer)
    case .piece(let recipe, let id): endPiece(of: recipe, id, answer)
    case .growing(let recipe, let offset): compareGrowing(recipe, offset, answer)
    case .delete(let recipe, let stamp, let time): endDelete(recipe, stamp, at: time, answer)
    case .undelete(let recipe, let stamp, let mustFind):
      endUndelete(recipe, stamp, mustFind: mustFind, answer)
    case .read(let reading): advance(reading, answer)
    case .stat(let recipe, let version, let found): endStat(recipe, version, found, answer)
    case .list(let found, let before): advance(listing: found, before: before, answer)
    case .sharing(let run): advance(run, answer)
    case .enrich, .checkpoint, .compact, .scrub, .cancel: endOther(activity, answer)
    }
  }

  private func endOther(_ activity: Activity, _ answer: Result<EngineReply, EngineError>) {
    switch (activity, answer) {
    case (.checkpoint, .success(.checkpointed)), (.cancel, .success(.cancelled)): return
    case (.compact, .success(.compacted)): return
    case (.enrich, .success(.stored)), (.enrich, .success(.absent)): return
    case (.scrub, .success(.scrubbed(let report))): advance(scrub: report)
    case (_, .failure(let error)): admit(error, during: "\(activity)")
    default: fail("\(activity) was answered with something else")
    }
  }

  /// Accepts a failure for which the run's disk gives a reason.
  func admit(_ error: EngineError, during what: @autoclosure () -> String) {
    let isTight = harness.drive.capacity != .max || conditions.isCrowded
    let isExplained =
      switch error {
      case .damaged: conditions.admitsDamage || conditions.admitsFailures
      case .storageFull:
        isTight || conditions.admitsFailures || conditions.options.capacityByteCount != nil
      case .readOnly, .disk:
        conditions.admitsFailures || conditions.admitsDamage || (isTight && !conditions.isCrowded)
      case .notAStore: conditions.admitsDamage
      default: false
      }
    if !isExplained { fail("\(what()) failed without a reason: \(error)") }
  }
}
