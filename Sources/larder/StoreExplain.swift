import ArgumentParser
import BlobEngine
import Server

/// `larder store explain`: where a blob is, and in what state.
struct StoreExplain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tell why a blob is alive or when its bytes return, and where they are.",
    discussion: """
      With --data, the catalog says first who refers to the blob or since when nobody does; this \
      part works while a server runs, too. Then the store says where the bytes are, and in what \
      state.
      """
  )

  @OptionGroup var location: StoreLocation

  @Option(help: "The server's own --deletion-delay, to tell when the bytes return.")
  var deletionDelay = WrittenDuration(seconds: 7 * 86_400)

  @Argument(help: "The blob's SHA-256.")
  var blob: BlobName

  func run() async throws {
    let isExplained = try await sayWhoRefers()
    do {
      try await sayWhere()
    } catch EngineError.locked where isExplained {
      Terminal.note("A server has the store open; stop it to be told where the bytes are.")
    }
  }

  /// Returns whether there is a catalog to ask.
  private func sayWhoRefers() async throws -> Bool {
    let data = StoredData(path: location.dataDirectory)
    guard location.store == nil, data.hasCatalog else { return false }
    let delay = Duration.seconds(deletionDelay.seconds)
    for line in try await data.explanation(of: blob.key, deletionDelay: delay) {
      Terminal.say(line)
    }
    return true
  }

  private func sayWhere() async throws {
    let explanation = try await location.withStore { try await $0.explain(blob.key) }
    for line in explanation.lines { Terminal.say(line) }
    if !explanation.isPresent { throw ExitCode.absent }
  }
}
