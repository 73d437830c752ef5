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

      What is copied and was compressed is compressed harder. With --recompress everything is \
      copied once for that, also where nothing was deleted: text takes 5 to 17 % less then, and \
      archives take what they took. What is encrypted is copied as it is: a server, which has the \
      keys of its domains, compresses it when it takes space back.
      """
  )

  @OptionGroup var location: StoreLocation

  @Flag(help: "Copy everything once, to compress it harder.")
  var recompress = false

  func run() async throws {
    let report = try await location.withStore { [recompress] store in
      let before = try await store.usage()
      let report = try await recompress ? store.recompress() : store.compact()
      let after = try await store.usage()
      Terminal.say(
        "moved \(report.movedRecordCount) records, \(Terminal.size(report.movedByteCount)); "
          + "gave \(report.freedSegmentCount) segments back; dead bytes "
          + "\(Terminal.size(before.deadByteCount)) before, "
          + "\(Terminal.size(after.deadByteCount)) now"
      )
      Terminal.say(
        "compressed \(report.recompressedRecordCount) records harder, "
          + "\(Terminal.size(report.recompressionSavedByteCount)) less"
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
