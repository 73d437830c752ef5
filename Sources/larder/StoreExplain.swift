import ArgumentParser
import BlobEngine

/// `larder store explain`: where a blob is, and in what state.
struct StoreExplain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tell what the store knows of a blob: where it is, in what state, and why."
  )

  @OptionGroup var location: StoreLocation

  @Argument(help: "The blob's SHA-256.")
  var blob: BlobName

  func run() async throws {
    let explanation = try await location.withStore { try await $0.explain(blob.key) }
    for line in explanation.lines { Terminal.say(line) }
    if !explanation.isPresent { throw ExitCode.absent }
  }
}
