import BlobEngine
import Disk

/// A workload, an orderly end, and then one sector that rots.
///
/// A blob may be lost that has bytes in the sector, and no other, by what ``SectorContents`` says;
/// wrong bytes are never read. A deleted blob may be back whose tombstone was there. The
/// operator hears of a loss unless the batch was the last of its segment, where damage looks like
/// the torn write of a crash.
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
    let sound = workload.medium.afterShutdown()
    guard let sector = sound.someSector(using: &generator) else { return nil }
    var medium = sound
    let what = medium.damage(sector, using: &generator)
    let driver = makeDriver(medium, workload, using: &generator)
    guard driver.open() else { return "with \(what), the store does not open" }
    driver.lookAtAll()
    let contents = SectorContents(of: sector.file, at: sector.offset, in: sound)
    let message = driver.failure ?? weigh(driver, workload, contents) ?? repair(driver)
    return message.map { "with \(what), \($0)" }
  }

  private func makeDriver(
    _ medium: SimulatedMedium,
    _ workload: TortureRun,
    using generator: inout SeededGenerator
  ) -> StoreDriver {
    var conditions = conditions
    conditions.admitsDamage = true
    let harness = EngineHarness(
      drive: SimulatedDrive(medium: medium, seed: generator.next()),
      options: conditions.options,
      seed: generator.next(),
      breakages: conditions.breakages,
      keys: conditions.keys
    )
    return StoreDriver(
      harness: harness,
      ledger: workload.ledger,
      book: book,
      conditions: conditions
    )
  }

  /// Compares what is lost, and what is back, with what the sector held.
  private func weigh(
    _ driver: StoreDriver,
    _ workload: TortureRun,
    _ contents: SectorContents
  ) -> String? {
    let ledger = workload.ledger
    let lost = ledger.recipes.filter {
      ledger.expectation(of: $0) == .present && !driver.found.contains($0)
    }
    if let first = lost.first(where: { !contents.names.contains(driver.name(of: $0)) }) {
      return "\(first) is lost and has no byte there; \(lost.count) are lost: \(lost)"
    }
    let back = driver.found.first { recipe in
      ledger.expectation(of: recipe) == .absent
        && !contents.buried.contains(driver.name(of: recipe))
    }
    if let back { return "\(back) is back, and its tombstone is not there" }
    guard let first = lost.first else { return nil }
    let isTold =
      driver.damageCount > 0 || (driver.report?.damagedBatchCount ?? 0) > 0
      || driver.harness.log.contains { $0.level == .alarm }
    return isTold || contents.looksTorn ? nil : "\(first) is lost without a word"
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
}

extension SimulatedMedium {
  /// Picks a sector that was written.
  fileprivate func someSector(
    using generator: inout SeededGenerator
  ) -> (file: StoreFile, offset: UInt64)? {
    let places = files.keys.sorted { $0.path < $1.path }
      .flatMap { file in writtenSectors(of: file).map { (file: file, offset: $0) } }
    return places.isEmpty ? nil : generator.pick(places)
  }

  /// Spoils a sector.
  ///
  /// - Returns: what was done, in words.
  fileprivate mutating func damage(
    _ place: (file: StoreFile, offset: UInt64),
    using generator: inout SeededGenerator
  ) -> String {
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
