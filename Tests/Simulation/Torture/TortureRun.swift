import BlobEngine

/// One workload on one simulated disk, with crashes at its effects.
///
/// A crash does not end the workload: the medium is copied at that instant, the copy is crashed
/// and examined, and the workload goes on. One run so visits hundreds of crash points.
package final class TortureRun {
  package let campaign: String
  package let seed: UInt64
  package let steps: [TortureStep]
  package private(set) var report = TortureReport()

  /// Called after each effect and at the end: the number of the step under way, the medium, what
  /// a caller knows, and the number of the effect.
  var onEffect: ((Int, SimulatedMedium, Ledger, Int) -> Void)?

  private let conditions: Conditions
  private let crashOneIn: Int?
  private let faults: FaultPlan
  private let book = RecipeBook()
  private var generator: SeededGenerator
  private var driver: StoreDriver
  private var check: RecoveryCheck
  private var stepNumber = 0
  private var failure: TortureFailure?

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - campaign: whom to name in a failure.
  ///   - seed: decides on everything random.
  ///   - steps: the workload.
  ///   - conditions: what the store is made with, and held to.
  ///   - crashOneIn: at how many of the effects a crash is tried; nil: at none.
  ///   - faults: what goes wrong on the disk while the workload runs, and not in the recoveries.
  ///   - capacity: what all files may take together, in bytes.
  package init(
    campaign: String,
    seed: UInt64,
    steps: [TortureStep],
    conditions: Conditions,
    crashOneIn: Int?,
    faults: FaultPlan = FaultPlan(),
    capacity: UInt64 = .max
  ) {
    self.campaign = campaign
    self.seed = seed
    self.steps = steps
    self.conditions = conditions
    self.crashOneIn = crashOneIn
    self.faults = faults
    generator = SeededGenerator(seed: seed ^ 0xC4A5)
    var recovery = conditions
    recovery.admitsFailures = false
    check = RecoveryCheck(conditions: recovery, book: book)
    check.isDiskFailing = conditions.admitsFailures
    let drive = SimulatedDrive(seed: seed, faults: faults)
    drive.capacity = capacity
    driver = StoreDriver(
      harness: EngineHarness(
        drive: drive,
        options: conditions.options,
        seed: seed ^ 0xE,
        breakages: conditions.breakages,
        keys: conditions.keys
      ),
      ledger: Ledger(),
      book: book,
      conditions: conditions
    )
  }

  /// Runs the workload.
  ///
  /// - Returns: the first promise broken, or nil.
  package func run() -> TortureFailure? {
    report.workloadCount = 1
    watch()
    if driver.open() {
      for step in steps {
        stepNumber += 1
        guard take(step) else { break }
      }
      if !isOver { driver.settle() }
      if conditions.isCrowded, !isOver { driver.emptyAndUse() }
    }
    note(driver.failure)
    if conditions.scope != nil { note(medium.afterShutdown().saltComplaint()) }
    tell()
    crash(always: true)
    finishReport()
    return failure
  }

  /// The platters as the run left them.
  var medium: SimulatedMedium { driver.harness.drive.medium }

  /// What a caller knows at the end of the run.
  var ledger: Ledger { driver.ledger }

  private var isOver: Bool { failure != nil || driver.failure != nil }

  private func note(_ message: String?, atEffect effect: Int? = nil) {
    guard failure == nil, let message else { return }
    failure = TortureFailure(
      campaign: campaign,
      seed: seed,
      steps: steps,
      stepNumber: stepNumber,
      effectNumber: effect,
      message: message + faults.summary
    )
  }

  private func finishReport() {
    report.effectCount += driver.harness.drive.effectCount
    report.faultCount += driver.harness.drive.faultCount
    report.recoveryCount += check.recoveryCount
    report.comparedReadCount += check.comparedReadCount
    if let failure { report.failures = [failure] }
  }

  // MARK: - Crashes

  private func watch() {
    guard crashOneIn != nil || onEffect != nil else { return }
    driver.harness.drive.onEffect = { [unowned self] in
      tell()
      crash(always: false)
    }
  }

  private func tell() {
    let drive = driver.harness.drive
    onEffect?(stepNumber, drive.medium, driver.ledger, drive.effectCount)
  }

  private func crash(always: Bool) {
    guard failure == nil, let crashOneIn, always || generator.once(in: crashOneIn) else { return }
    report.crashPointCount += 1
    let drive = driver.harness.drive
    let left =
      generator.once(in: 6)
      ? drive.medium.afterKill(using: &generator) : drive.medium.afterCrash(using: &generator)
    let message = check.check(left, driver.ledger, using: &generator)
    note(message, atEffect: drive.effectCount)
  }

  // MARK: - Steps

  /// Takes a step.
  ///
  /// - Returns: false when the run is over.
  private func take(_ step: TortureStep) -> Bool {
    switch step.action {
    case .put(let recipe, let durability): driver.put(recipe, durability)
    case .delete(let recipe): driver.delete(recipe)
    case .undelete(let recipe): driver.undelete(recipe)
    case .read(let recipe, let part): driver.read(recipe, part: part)
    case .stat(let recipe): driver.stat(recipe)
    case .abandonUpload(let recipe, let cancels): driver.abandonUpload(recipe, cancels: cancels)
    case .share(let recipe, let isWrong): driver.share(recipe, isWrong: isWrong)
    case .checkpoint: driver.checkpoint()
    case .compact: driver.compact()
    case .recompress: driver.compact(recompressing: true)
    case .scrub: driver.scrub()
    case .list: driver.list()
    case .reopen: return reopen(inOrder: true)
    case .kill: return reopen(inOrder: false)
    case .crowd(let left): driver.harness.drive.crowd(leaving: UInt64(left))
    case .uncrowd: driver.harness.drive.capacity = .max
    }
    driver.run(turns: step.turns)
    return !isOver
  }

  private func reopen(inOrder: Bool) -> Bool {
    if inOrder { driver.close() }
    guard !isOver else { return false }
    let old = driver.harness.drive
    report.effectCount += old.effectCount
    report.faultCount += old.faultCount
    old.onEffect = nil
    let drive = SimulatedDrive(
      medium: old.medium.afterKill(using: &generator),
      seed: generator.next(),
      faults: old.faults
    )
    drive.capacity = old.capacity
    let ledger = inOrder ? driver.ledger : driver.ledger.afterCrash()
    driver = StoreDriver(
      harness: EngineHarness(
        drive: drive,
        options: conditions.options,
        seed: generator.next(),
        breakages: conditions.breakages,
        after: ledger.milliseconds,
        keys: conditions.keys
      ),
      ledger: ledger,
      book: book,
      conditions: conditions
    )
    watch()
    guard driver.open() else { return false }
    return observe()
  }

  private func observe() -> Bool {
    driver.lookAtAll()
    if !conditions.admitsFailures, !isOver {
      driver.ledger = driver.ledger.recovered(driver.found)
    }
    return !isOver
  }
}
