import BlobEngine
import Bytes
import Disk

/// What is checked after a crash: opens what is left, and compares everything with the ledger.
///
/// The numbers are those of the checks in the house's plan for crash safety:
///
/// 1. every acknowledged flushed put reads back identical, its SHA-256 recomputed;
/// 2. what was not acknowledged is whole or absent;
/// 3. acknowledged deletes stay deleted, also after the index was rebuilt from footers and from
///    raw batches;
/// 4. the books of live bytes and slots equal a recount;
/// 5. opening twice gives the same state, and a crash inside recovery changes nothing;
/// 6. no read returns other bytes;
/// 7. the store accepts a put again.
package struct RecoveryCheck {
  let conditions: Conditions
  let book: RecipeBook
  /// Whether the disk failed while the workload ran.
  var isDiskFailing = false
  /// How deep crashes within recoveries may go on.
  var depth = 1
  /// How many stores were opened.
  private(set) var recoveryCount = 0
  /// How many reads were compared.
  private(set) var comparedReadCount = 0

  package init(conditions: Conditions, book: RecipeBook) {
    self.conditions = conditions
    self.book = book
  }

  /// Checks one state that a crash has left.
  ///
  /// - Returns: what is wrong, or nil.
  package mutating func check(
    _ medium: SimulatedMedium,
    _ ledger: Ledger,
    using generator: inout SeededGenerator
  ) -> String? {
    let drive = SimulatedDrive(medium: medium, seed: generator.next())
    let driver = makeDriver(drive, ledger.afterCrash(), using: &generator)
    var inner: String?
    if depth > 0, generator.once(in: 6) {
      inner = crashInside(drive, ledger, of: driver, using: &generator)
    } else {
      _ = driver.open()
    }
    if let failure = inner ?? driver.failure { return failure }
    guard driver.report != nil else { return nil }
    guard let found = observe(driver) else { return driver.failure }
    if let failure = driver.failure { return failure }
    return checkFurther(driver, found, using: &generator)
  }

  /// Checks one state that a crash has left, without going on from it: checks 1, 2, 4 and 6.
  ///
  /// - Returns: what is wrong, or nil.
  package mutating func checkOnce(
    _ medium: SimulatedMedium,
    _ ledger: Ledger,
    seed: UInt64
  ) -> String? {
    var generator = SeededGenerator(seed: seed)
    let drive = SimulatedDrive(medium: medium, seed: generator.next())
    let driver = makeDriver(drive, ledger.afterCrash(), using: &generator)
    if driver.open() { _ = observe(driver) }
    return driver.failure
  }

  /// Opens the store and lets a second crash happen at one of the effects of the recovery.
  private mutating func crashInside(
    _ drive: SimulatedDrive,
    _ ledger: Ledger,
    of driver: StoreDriver,
    using generator: inout SeededGenerator
  ) -> String? {
    var failure: String?
    var inner = self
    inner.depth -= 1
    var choices = generator.split()
    drive.onEffect = {
      guard failure == nil, choices.once(in: 6) else { return }
      let left = drive.medium.afterCrash(using: &choices)
      failure = inner.check(left, ledger, using: &choices).map {
        "after a crash inside recovery: \($0)"
      }
    }
    _ = driver.open()
    drive.onEffect = nil
    recoveryCount = inner.recoveryCount
    comparedReadCount = inner.comparedReadCount
    return failure
  }

  private mutating func makeDriver(
    _ drive: SimulatedDrive,
    _ ledger: Ledger,
    using generator: inout SeededGenerator
  ) -> StoreDriver {
    recoveryCount += 1
    let harness = EngineHarness(
      drive: drive,
      options: conditions.options,
      seed: generator.next(),
      breakages: conditions.breakages,
      after: ledger.milliseconds,
      keys: conditions.keys
    )
    return StoreDriver(harness: harness, ledger: ledger, book: book, conditions: conditions)
  }

  /// Reads and lists everything: checks 1, 2, 3 and 6.
  ///
  /// - Returns: what is there, or nil when that cannot be told.
  private mutating func observe(_ driver: StoreDriver) -> Set<BlobRecipe>? {
    guard driver.report != nil else { return nil }
    driver.lookAtAll()
    comparedReadCount += driver.comparedReadCount
    if driver.report?.features.contains(.encryption) == false, conditions.scope != nil,
      !conditions.admitsDamage, !driver.found.isEmpty
    {
      driver.fail("a store holds what is encrypted, and does not say so")
    }
    guard driver.failure == nil else { return nil }
    return driver.found
  }

  /// Goes on in one of several ways with a store that has recovered: checks 3, 5 and 7.
  private mutating func checkFurther(
    _ driver: StoreDriver,
    _ found: Set<BlobRecipe>,
    using generator: inout SeededGenerator
  ) -> String? {
    let settled = driver.ledger.recovered(found)
    switch conditions.alwaysRebuilds ? 2 + generator.below(2) : generator.below(8) {
    case 0:
      let medium = driver.harness.drive.medium.afterCrash(keeping: [])
      return again(medium, settled, "opened again after a power cut", using: &generator)
    case 1:
      let medium = driver.harness.drive.medium.afterKill(using: &generator)
      return again(medium, settled, "opened again after a kill", using: &generator)
    case 2:
      var medium = driver.harness.drive.medium.afterShutdown()
      medium.loseCheckpoints()
      return again(medium, settled, "rebuilt from footers", using: &generator)
    case 3:
      var medium = driver.harness.drive.medium.afterShutdown()
      medium.loseCheckpoints()
      // A batch whose write failed may have arrived after all; only a trailer tells.
      if !isDiskFailing { medium.loseTrailers() }
      return again(medium, settled, "rebuilt from raw batches", using: &generator)
    default:
      return goOn(driver, settled, using: &generator)
    }
  }

  private mutating func again(
    _ medium: SimulatedMedium,
    _ ledger: Ledger,
    _ how: String,
    using generator: inout SeededGenerator
  ) -> String? {
    let drive = SimulatedDrive(medium: medium, seed: generator.next())
    let driver = makeDriver(drive, ledger, using: &generator)
    if driver.open(), observe(driver) != nil { driver.undeleteAll() }
    return driver.failure.map { "\(how): \($0)" }
  }

  /// Puts, deletes, crashes once more, and looks again.
  private mutating func goOn(
    _ driver: StoreDriver,
    _ ledger: Ledger,
    using generator: inout SeededGenerator
  ) -> String? {
    driver.ledger = ledger
    let fresh = BlobRecipe(
      byteCount: 100 + generator.below(6000),
      family: 99,
      variant: generator.below(9)
    )
    driver.put(fresh, .flushed)
    if let old = ledger.recipes.randomElement(using: &generator), generator.once(in: 2) {
      driver.delete(old)
    }
    driver.settle()
    driver.read(fresh)
    driver.settle()
    if let failure = driver.failure { return "going on after recovery: \(failure)" }
    let left = driver.harness.drive.medium.afterCrash(using: &generator)
    return again(left, driver.ledger.afterCrash(), "after a second crash", using: &generator)
  }
}

extension SimulatedMedium {
  /// Takes all checkpoints away.
  fileprivate mutating func loseCheckpoints() {
    for file in files.keys {
      if case .checkpoint = file { lose(file) }
    }
  }

  /// Zeroes the last page of every slot.
  fileprivate mutating func loseTrailers() {
    let page = [UInt8](repeating: 0, count: SimulatedPage.byteCount)
    for (file, byteCount) in files {
      guard case .slot = file, byteCount >= UInt64(page.count) else { continue }
      overwrite(file, at: byteCount - UInt64(page.count), with: page)
    }
  }
}
