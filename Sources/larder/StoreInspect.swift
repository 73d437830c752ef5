import ArgumentParser
import BlobEngine
import Disk

/// `larder store inspect`: what the files of a store say about themselves.
struct StoreInspect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Describe the files of a store without opening it: nothing is written.",
    discussion: "Ends with exit code 2 when no two copies of the superblock agree."
  )

  @OptionGroup var location: StoreLocation

  @Flag(help: "A line for each segment and each index file, too.")
  var all = false

  func run() async throws {
    guard FileSystemNames.exists(location.directory) else {
      throw StoreCommandError.noStore(location.directory)
    }
    let inspection = try StoreInspection.read(at: location.directory, options: location.options)
    describeSuperblock(inspection)
    describeSegments(inspection)
    describeIndex(inspection)
    if inspection.superblock == nil { throw ExitCode.damage }
  }

  private func describeSuperblock(_ inspection: StoreInspection) {
    for (number, copy) in inspection.superblocks.enumerated() {
      switch copy {
      case .valid(let superblock): Terminal.say("SUPER copy \(number): \(superblock.sequence)")
      case .invalid(let reason): Terminal.say("SUPER copy \(number): invalid, \(reason)")
      }
    }
    guard let superblock = inspection.superblock else {
      Terminal.say("no two copies of the superblock agree: this store cannot be opened")
      return
    }
    Terminal.say("store id: \(superblock.storeID)")
    Terminal.say("features: \(superblock.features)")
    Terminal.say("segments of: \(Terminal.size(superblock.segmentByteCount))")
    Terminal.say("opened: \(superblock.epoch) times, last run closed \(ending(superblock))")
    Terminal.say("checkpoint: \(superblock.checkpointID), replay from \(position(superblock))")
  }

  private func ending(_ superblock: Superblock) -> String {
    superblock.isClean ? "cleanly" : "by a crash, or not yet"
  }

  private func position(_ superblock: Superblock) -> String {
    let position = superblock.checkpointPosition
    return "sequence \(position.sequence), segment \(position.segmentID), offset \(position.offset)"
  }

  private func describeSegments(_ inspection: StoreInspection) {
    var (sealed, open, unused, records): (Int, Int, Int, UInt64) = (0, 0, 0, 0)
    for (number, _, state) in inspection.slots {
      let text: String
      switch state {
      case .unused(let reason):
        unused += 1
        text = "no segment (\(reason))"
      case .open(let header):
        open += 1
        text =
          "segment \(header.segmentID), \(header.lane), open, from sequence "
          + "\(header.nextSequence)"
      case .sealed(let header, let trailer):
        sealed += 1
        records += UInt64(trailer.recordCount)
        text =
          "segment \(header.segmentID), \(header.lane), sealed, \(trailer.recordCount) "
          + "records in \(trailer.batchCount) batches, \(Terminal.size(trailer.logEnd)), sequences "
          + "\(trailer.firstSequence) to \(trailer.lastSequence)"
      }
      if all { Terminal.say("\(StoreFile.slot(number).path): \(text)") }
    }
    let byteCount = inspection.slots.reduce(0) { $0 + $1.byteCount }
    Terminal.say(
      "slots: \(inspection.slots.count) (\(Terminal.size(byteCount))): \(sealed) sealed with "
        + "\(records) records, \(open) open, \(unused) without a segment"
    )
  }

  private func describeIndex(_ inspection: StoreInspection) {
    var (valid, entries): (Int, UInt64) = (0, 0)
    for (file, byteCount, state) in inspection.partitions {
      let text: String
      switch state {
      case .valid(let header):
        valid += 1
        entries += header.entryCount
        text =
          "checkpoint \(header.checkpointID), generation \(header.generationID), "
          + "\(header.entryCount) entries, \(Terminal.size(byteCount))"
      case .invalid(let reason):
        text = "invalid, \(reason)"
      }
      if all { Terminal.say("\(file.path): \(text)") }
    }
    Terminal.say(
      "index files: \(inspection.partitions.count), \(valid) valid with \(entries) entries in both "
        + "generations together"
    )
  }
}
