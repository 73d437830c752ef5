import ArgumentParser
import Login

/// `larder repository set`: changes what it names and leaves the rest.
struct RepositorySet: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Change a repository's settings; what is not named stays.",
    discussion: """
      A cool-down hides versions of public registries until this server has known of them for so \
      long, for the repository and for all that have it as an upstream. What the repository holds \
      already stays. Durations are numbers with s, m, h, d or w behind them. A pattern is \
      FORMAT/NAME as its users write it, with * for any run of characters: npm/@acme/*, \
      maven/org.apache.*, pypi/requests. The word none empties a list first.
      """
  )

  @OptionGroup var address: RepositoryAddress

  @Option(help: "How long registries' documents are good, such as 60s; or default.")
  var freshness: DurationSetting?

  @Flag(help: "Ask public registries (--online), or make do with what is here (--offline).")
  var connectivity: Connectivity?

  @Option(help: "The age from which versions are shown, such as 7d; or off.")
  var coolDown: DurationSetting?

  @Option(
    help: ArgumentHelp(
      "Packages that the cool-down passes over; may be repeated.",
      valueName: "PATTERN"
    )
  )
  var exempt: [String] = []

  @Option(
    help: ArgumentHelp(
      "A version to show whatever its age, such as npm/left-pad@1.3.0; may be repeated.",
      valueName: "VERSION"
    )
  )
  var release: [String] = []

  @Option(help: "Hide what was first seen after this time, such as 2026-01-01T00:00:00Z; or off.")
  var freeze: String?

  enum Connectivity: String, EnumerableFlag {
    case offline, online
  }

  func validate() throws {
    if change.isEmpty { throw ValidationError("Name something to set; see --help.") }
  }

  func run() async throws {
    let settings = try await address.call(.changeSettings(change.json))
    settings.lines.forEach(Terminal.say)
  }

  private var change: RepositoryChange {
    var change = RepositoryChange()
    change.freshness = freshness
    change.isOffline = connectivity.map { $0 == .offline }
    change.coolDown = coolDown
    change.exempt = exempt
    change.release = release
    change.freeze = freeze
    return change
  }
}
