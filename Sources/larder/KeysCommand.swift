import ArgumentParser
import Server

/// `larder keys`: the keys that the blobs of domains are encrypted with.
struct KeysCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys",
    abstract: "Show and rewrap the keys that the blobs of domains are encrypted with.",
    subcommands: [KeysList.self, KeysRotate.self]
  )
}

/// Where the keys are.
struct KeysLocation: ParsableArguments {
  @Option(help: "The server's data directory.")
  var data = "./larder-data"

  @Option(
    help: ArgumentHelp(
      "Where the master key is, as `larder serve` is told; may be repeated.",
      valueName: "PLACE"
    )
  )
  var masterKey: [String] = []

  func keeping() throws -> KeyKeeping { try KeyKeeping(data: data, masterKeys: masterKey) }
}

/// `larder keys list`: which master key wraps the key of which domain.
struct KeysList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the domains that have keys, and the master keys that wrap them."
  )

  @OptionGroup var location: KeysLocation

  func run() async throws {
    for line in try await location.keeping().list() { print(line) }
  }
}

/// `larder keys rotate`: another master key for the keys of all domains.
struct KeysRotate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate",
    abstract: "Wrap the keys of all domains with another master key; no blob is rewritten.",
    discussion: """
      Stop the server first. Without --to a new key takes the place of domains.key below the data. \
      With --to, start the server with the new place as --master-key afterwards. What is cut short \
      goes on when it is called again.
      """
  )

  @OptionGroup var location: KeysLocation

  @Option(help: ArgumentHelp("Where the new master key is.", valueName: "PLACE"))
  var to: String?

  func run() async throws {
    let count = try await location.keeping().rotate(to: to)
    print("\(count) keys were wrapped anew.")
  }
}
