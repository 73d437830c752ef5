import ArgumentParser
import Login

/// `larder repository show`: prints the settings.
struct RepositoryShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print a repository's settings."
  )

  @OptionGroup var address: RepositoryAddress

  @Flag(help: "Print them as the server sent them, as JSON.")
  var json = false

  func run() async throws {
    let settings = try await address.call(.showSettings)
    json ? Terminal.say(settings.text) : settings.lines.forEach(Terminal.say)
  }
}
