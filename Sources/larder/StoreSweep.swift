import ArgumentParser
import BlobEngine
import Server

/// `larder store sweep`: deletes the blobs of a server's data that nothing refers to.
struct StoreSweep: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Delete the blobs of a server that nothing refers to any more.",
    discussion: """
      A server does this by itself (`larder serve --sweep-interval`); this is for one that is \
      stopped. A blob is deleted when a sweep finds that nothing refers to it and an earlier one \
      has noticed so at least --deletion-delay ago: so with a delay of 0s one sweep is enough. \
      Blobs that were uploaded within --upload-grace stay in any case. `store compact` then gives \
      the space back at once. May be interrupted at any moment.
      """
  )

  @OptionGroup var location: StoreLocation

  @Option(help: "How long the bytes of what was deleted are kept.")
  var deletionDelay = WrittenDuration(seconds: 7 * 86_400)

  @Option(help: "How long an upload may take until it is published.")
  var uploadGrace = WrittenDuration(seconds: 86_400)

  func run() async throws {
    let data = StoredData(path: location.dataDirectory)
    guard location.store == nil, data.hasCatalog else {
      throw StoreCommandError.noCatalog(location.dataDirectory)
    }
    var options = location.options
    options.graceMilliseconds = UInt64(uploadGrace.seconds) * 1_000
    let line = try await location.withStore(options: options) { store in
      try await data.sweep(store, deletionDelay: .seconds(deletionDelay.seconds))
    }
    Terminal.say(line)
  }
}

extension WrittenDuration: ExpressibleByArgument {
  /// Reads `90s`, `30m`, `6h` or `7d`.
  package init?(argument: String) { self.init(argument) }

  /// The seconds, as they would be written.
  package var defaultValueDescription: String { DurationSetting.text(of: Double(seconds)) }
}
