import ArgumentParser
import Server

/// `larder env`: prints what makes the AWS clients talk to this server.
struct Env: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print shell exports for the AWS CLI, SDKs and Terraform.",
    discussion: #"Use it as: eval "$(larder env --data DIR)""#
  )

  @Option(help: "The server's data directory.")
  var data = "./larder-data"

  func run() throws {
    let credentials = try CredentialsFile(directory: data).read()
    print(ShellExports(credentials: credentials).text, terminator: "")
  }
}
