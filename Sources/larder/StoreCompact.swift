import ArgumentParser
import BlobEngine
import Server

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
      archives take what they took. What is encrypted takes part as far as the keys of its domains \
      can be had: with --data, and --master-key where it is not beside the data.
      """
  )

  @OptionGroup var location: StoreLocation

  @Flag(help: "Copy everything once, to compress it harder.")
  var recompress = false

  @Option(
    help: ArgumentHelp(
      "Where the master key is, as `larder serve` is told, to compress encrypted bytes harder; "
        + "may be repeated.",
      valueName: "PLACE"
    )
  )
  var masterKey: [String] = []

  func run() async throws {
    let keys = try await domainKeys()
    let report = try await location.withStore { [recompress] store in
      // The store uses the keys that somebody holds who has made a scope with them.
      for key in keys { _ = store.scoped(by: key) }
      defer { withExtendedLifetime(keys) {} }
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

  /// The keys of the domains of a server's data; says which cannot be had.
  private func domainKeys() async throws -> [DataKey] {
    let data = StoredData(path: location.dataDirectory)
    guard location.store == nil, data.hasCatalog else { return [] }
    let found = try await data.domainKeys(masterKeys: masterKey)
    for gap in found.gaps { Terminal.note("\(gap); what is encrypted with it stays as it is.") }
    return found.keys
  }
}
