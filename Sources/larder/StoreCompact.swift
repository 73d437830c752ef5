import ArgumentParser
import BlobEngine

/// `larder store compact`: takes back now what deleted blobs still take on the disk.
struct StoreCompact: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compact",
    abstract: "Give the space of deleted blobs back now.",
    discussion: """
      A store does this by itself while a server has it open, bit by bit and when the dead bytes \
      are worth it. This does all of it at once: what is alive is copied out of every segment with \
      dead bytes in it, verified on the way, and the segments can be used again. May be \
      interrupted at any moment. Damaged blobs stay where they are; then the exit code is 2.
      """
  )

  @OptionGroup var location: StoreLocation

  func run() async throws {
    let report = try await location.withStore { store in
      let before = try await store.usage()
      let report = try await store.compact()
      let after = try await store.usage()
      Terminal.say(
        "moved \(report.movedRecordCount) records, \(Terminal.size(report.movedByteCount)); "
          + "gave \(report.freedSegmentCount) segments back; dead bytes "
          + "\(Terminal.size(before.deadByteCount)) before, "
          + "\(Terminal.size(after.deadByteCount)) now"
      )
      return report
    }
    guard report.damagedRecordCount > 0 else { return }
    Terminal.note(
      "\(report.damagedRecordCount) damaged records stay where they are; `store scrub` names them."
    )
    throw ExitCode.damage
  }
}
