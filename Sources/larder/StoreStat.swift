import ArgumentParser
import BlobEngine

/// `larder store stat`: what is known of blobs without reading them.
struct StoreStat: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stat",
    abstract: "Print the sizes of blobs.",
    discussion: "A line for each: the SHA-256, the size, and what it takes in the log, in bytes."
  )

  @OptionGroup var location: StoreLocation

  @Argument(help: "The blobs' SHA-256.")
  var blobs: [BlobName]

  func run() async throws {
    let missing = try await location.withStore { store in
      var missing = 0
      for blob in blobs {
        if let info = try await store.stat(blob.key) {
          Terminal.say("\(info.key)  \(info.byteCount)  \(info.storedByteCount)")
        } else {
          Terminal.note("The store has no blob \(blob.key).")
          missing += 1
        }
      }
      return missing
    }
    if missing > 0 { throw ExitCode.absent }
  }
}
