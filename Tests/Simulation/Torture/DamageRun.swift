import BlobEngine
import Disk

/// A workload, an orderly end, and then one sector that rots.
///
/// A sector holds bytes of one batch, and here each batch holds one change. So at most one blob may
/// be lost; all others read back, wrong bytes never do; and the operator hears of the loss unless
/// the batch was the last of its lane, where damage looks like the torn write of a crash.
package struct DamageRun {
  package let seed: UInt64
  package let steps: [TortureStep]
  let conditions: Conditions
  private let book = RecipeBook()

  /// Prepares a run of these steps, each of which is waited for.
  package init(seed: UInt64, steps: [TortureStep], conditions: Conditions) {
    self.seed = seed
    self.steps = steps.map { TortureStep($0.action) }
    self.conditions = conditions
  }

  /// Runs the workload and checks what damage does to its store.
  ///
  /// - Returns: the first promise broken, or nil.
  package func run() -> TortureReport {
    var report = TortureReport()
    report.workloadCount = 1
    let workload = TortureRun(
      campaign: "damage",
      seed: seed,
      steps: steps,
      conditions: conditions,
      crashOneIn: nil
    )
    if let failure = workload.run() {
      report.failures = [failure]
      return report
    }
    var generator = SeededGenerator(seed: seed ^ 0xDA)
    for _ in 0..<4 {
      report.faultCount += 1
      report.recoveryCount += 1
      if let message = examine(workload, using: &generator) {
        report.failures = [
          TortureFailure(
            campaign: "damage",
            seed: seed,
            steps: steps,
            stepNumber: steps.count,
            effectNumber: nil,
            message: message
          )
        ]
        break
      }
    }
    return report
  }

  private func examine(
    _ workload: TortureRun,
    using generator: inout SeededGenerator
  ) -> String? {
    var medium = workload.medium.afterShutdown()
    let what = medium.damageOneSector(using: &generator)
    var conditions = conditions
    conditions.admitsDamage = true
    let harness = EngineHarness(
      drive: SimulatedDrive(medium: medium, seed: generator.next()),
      options: conditions.options,
      seed: generator.next(),
      breakages: conditions.breakages
    )
    let driver = StoreDriver(
      harness: harness,
      ledger: workload.ledger,
      book: book,
      conditions: conditions
    )
    guard driver.open() else { return "with \(what), the store does not open" }
    driver.lookAtAll()
    let message = driver.failure ?? weigh(driver, workload) ?? repair(driver)
    return message.map { "with \(what), \($0)" }
  }

  /// Compares what is lost with what one sector may cost.
  private func weigh(_ driver: StoreDriver, _ workload: TortureRun) -> String? {
    let lost = workload.ledger.recipes.filter {
      workload.ledger.expectation(of: $0) == .present && !driver.found.contains($0)
    }
    if lost.count > 1 { return "\(lost.count) blobs are lost: \(lost)" }
    guard let first = lost.first else { return nil }
    let isTold =
      driver.damageCount > 0 || (driver.report?.damagedBatchCount ?? 0) > 0
      || driver.harness.log.contains { $0.level == .alarm }
    return isTold || lastOfLanes.contains(first) ? nil : "\(first) is lost without a word"
  }

  /// Puts everything again and reads it back: a put mends what is damaged, if there is room.
  ///
  /// A damaged segment is not used again, so a store of few segments may have none.
  private func repair(_ driver: StoreDriver) -> String? {
    for recipe in driver.ledger.recipes { driver.put(recipe, .flushed) }
    driver.settle()
    driver.lookAtAll()
    if let failure = driver.failure { return "after all was put again: \(failure)" }
    let missing = driver.ledger.recipes.first {
      !driver.found.contains($0) && !driver.refusedForRoom.contains($0)
    }
    return missing.map { "\($0) was put again and cannot be read" }
  }

  /// The blobs whose damage cannot be told from a torn write.
  private var lastOfLanes: Set<BlobRecipe> {
    var result: Set<BlobRecipe> = []
    let puts = steps.compactMap { step -> BlobRecipe? in
      if case .put(let recipe, _) = step.action { recipe } else { nil }
    }
    if let last = puts.last { result.insert(last) }
    if let last = puts.last(where: { $0.byteCount > 8 << 10 }) { result.insert(last) }
    return result
  }
}

extension SimulatedMedium {
  /// Spoils one sector of one file.
  ///
  /// - Returns: what was done, in words.
  fileprivate mutating func damageOneSector(using generator: inout SeededGenerator) -> String {
    let places = files.keys.sorted { $0.path < $1.path }
      .flatMap { file in writtenSectors(of: file).map { (file: file, offset: $0) } }
    guard !places.isEmpty else { return "an empty medium" }
    let place = generator.pick(places)
    let end = place.offset + UInt64(SimulatedPage.sectorByteCount)
    let spot = "\(place.file.path) at \(place.offset)"
    switch generator.below(3) {
    case 0:
      let offset = place.offset + UInt64(generator.below(SimulatedPage.sectorByteCount))
      corrupt(place.file, at: offset, by: 1 << UInt8(generator.below(8)))
      return "a bit flipped at \(offset) of \(place.file.path)"
    case 1:
      overwrite(
        place.file,
        at: place.offset,
        with: [UInt8](repeating: 0, count: SimulatedPage.sectorByteCount)
      )
      return "zeroes up to \(end) in \(spot)"
    default:
      overwrite(
        place.file,
        at: place.offset,
        with: generator.bytes(SimulatedPage.sectorByteCount)
      )
      return "garbage up to \(end) in \(spot)"
    }
  }
}
