import ArgumentParser
import BlobEngine
import Bytes

/// `larder store scrub`: verifies every byte of the log.
struct StoreScrub: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scrub",
    abstract: "Verify every byte of the log against its checksums.",
    discussion: """
      Names each damaged blob on a line of its own, and ends with exit code 2 when there are any. \
      Putting a blob's bytes again repairs it.
      """
  )

  @OptionGroup var location: StoreLocation

  func run() async throws {
    let damageCount = try await location.withStore { try await scrub($0) }
    if damageCount > 0 { throw ExitCode.damage }
  }

  private func scrub(_ store: BlobStore) async throws -> Int {
    var progress = Progress("verifying", of: nil)
    var (byteCount, damageCount): (UInt64, Int) = (0, 0)
    var cursor: ScrubCursor?
    repeat {
      let report = try await store.scrub(after: cursor)
      byteCount += report.byteCount
      if !report.damaged.isEmpty || !report.otherDamage.isEmpty { progress.finish() }
      for (key, damage) in report.damaged { Terminal.say("\(key)  damaged: \(damage)") }
      for sentence in report.otherDamage { Terminal.say("damage: \(sentence)") }
      damageCount += report.damaged.count + report.otherDamage.count
      cursor = report.next
      progress.show(byteCount)
    } while cursor != nil
    progress.finish()
    let verdict = damageCount == 0 ? "no damage" : "\(damageCount) damaged places"
    Terminal.say("verified \(Terminal.size(byteCount)): \(verdict)")
    if store.report.features.contains(.encryption) {
      Terminal.say(
        "Some blobs are encrypted: their checksums were verified, and not, for want of keys, what "
          + "is in them."
      )
    }
    return damageCount
  }
}
