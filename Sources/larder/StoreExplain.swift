import ArgumentParser
import BlobEngine
import Bytes
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

  @Option(
    help: ArgumentHelp(
      "Where the master key is, as `larder serve` is told, to find encrypted blobs; may be "
        + "repeated.",
      valueName: "PLACE"
    )
  )
  var masterKey: [String] = []

  @Argument(help: "The blob's SHA-256.")
  var blob: BlobName

  func run() async throws {
    let names = try await sayWhoRefers()
    do {
      try await sayWhere(names ?? [blob.key])
    } catch EngineError.locked where names != nil {
      Terminal.note("A server has the store open; stop it to be told where the bytes are.")
    }
  }

  /// Returns what the store calls the blob; nil without a catalog to ask.
  private func sayWhoRefers() async throws -> [SHA256Digest]? {
    let data = StoredData(path: location.dataDirectory)
    guard location.store == nil, data.hasCatalog else { return nil }
    let explanation = try await data.explanation(
      of: blob.key,
      deletionDelay: .seconds(deletionDelay.seconds),
      masterKeys: masterKey
    )
    for line in explanation.lines { Terminal.say(line) }
    return explanation.storedNames
  }

  private func sayWhere(_ names: [SHA256Digest]) async throws {
    let explanations = try await location.withStore { store in
      var found: [Explanation] = []
      for name in names { found.append(try await store.explain(name)) }
      return found
    }
    let present = explanations.filter(\.isPresent)
    // What is nowhere is said once, by the name that was asked for.
    for explanation in present.isEmpty ? Array(explanations.prefix(1)) : present {
      for line in explanation.lines { Terminal.say(line) }
    }
    if present.isEmpty { throw ExitCode.absent }
  }
}
