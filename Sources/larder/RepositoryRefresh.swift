import ArgumentParser
import Login

/// `larder repository refresh`: makes public registries be asked anew.
struct RepositoryRefresh: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "refresh",
    abstract: "Have public registries asked anew when next needed, however fresh their word is.",
    discussion: """
      For one package, or for all that the repository reaches. Nothing is fetched now, and nothing \
      is forgotten while a registry is down.
      """
  )

  @OptionGroup var address: RepositoryAddress

  @Option(help: "The package's format, such as npm; goes with --package.")
  var format: String?

  @Option(help: "The package's namespace, where it has one.")
  var namespace: String?

  @Option(help: "The package's name (default: all packages).")
  var package: String?

  func validate() throws {
    guard (format == nil) == (package == nil), namespace == nil || package != nil else {
      throw ValidationError(
        "A package takes --format and --package, and --namespace if it has one."
      )
    }
  }

  func run() async throws {
    let call = RepositoryCall.refresh(format: format, namespace: namespace, package: package)
    _ = try await address.call(call)
    let what = package.map { "\(format ?? "")/\($0)" } ?? "all packages"
    Terminal.note("larder: registries are asked anew for \(what) when next needed")
  }
}
