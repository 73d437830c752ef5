import ArgumentParser
import BlobEngine
import Bytes

/// `larder store stat`: what is known of blobs without reading them, or of the store's space.
struct StoreStat: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stat",
    abstract: "Print the sizes of blobs, or how the store's space is used.",
    discussion: """
      With blobs, a line for each: the SHA-256, the size, and what it takes in the log, in bytes, \
      and below it a line for each other digest that it is stored with. Without: what is alive, \
      what is dead and comes back by itself or by `store compact`, and what is left.
      """
  )

  @OptionGroup var location: StoreLocation

  @Argument(help: "The blobs' SHA-256; none: the whole store.")
  var blobs: [BlobName] = []

  func run() async throws {
    let missing = try await location.withStore { store in
      guard !blobs.isEmpty else {
        for line in Self.lines(try await store.usage()) { Terminal.say(line) }
        return 0
      }
      return try await describe(blobs, in: store)
    }
    if missing > 0 { throw ExitCode.absent }
  }

  private func describe(_ blobs: [BlobName], in store: BlobStore) async throws -> Int {
    var missing = 0
    for blob in blobs {
      if let info = try await store.stat(blob.key) {
        Terminal.say("\(info.key)  \(info.byteCount)  \(info.storedByteCount)")
        for line in Self.lines(info.digests) { Terminal.say("  \(line)") }
      } else {
        Terminal.note("The store has no blob \(blob.key).")
        missing += 1
      }
    }
    return missing
  }

  /// Digests as lines of a name and hexadecimal digits.
  static func lines(_ digests: BlobDigests) -> [String] {
    let named = [
      ("md5", digests.md5), ("sha1", digests.sha1), ("sha512", digests.sha512),
      ("blake2b-256", digests.blake2b256),
    ]
    return named.compactMap { name, bytes in
      bytes.map { "\(name)  \(Hexadecimal.encode($0))" }
    }
  }

  /// The usage as lines of a name and what it is.
  static func lines(_ usage: StoreUsage) -> [String] {
    let share = Int((usage.deadShare * 100).rounded())
    let limit = usage.segmentLimit.map { "\($0)" } ?? "as many as the file system has room for"
    let state =
      usage.isFull
      ? "full: new blobs are refused"
      : usage.isTight ? "nearly full: reclaim comes first" : "takes blobs"
    return [
      "blobs     \(usage.blobCount)",
      "alive     \(Terminal.size(usage.liveByteCount))",
      "dead      \(Terminal.size(usage.deadByteCount)), \(share) % of what is used",
      "emptied   \(Terminal.size(usage.emptiedByteCount)), back after the next checkpoint",
      "segments  \(usage.usedSegmentCount) of \(Terminal.size(usage.segmentByteCount)) used, "
        + "\(usage.freeSegmentCount) free, \(usage.reservedSegmentCount) kept for deletes and "
        + "reclaim; at most \(limit)",
      "state     \(state)",
    ]
  }
}
