import Access
import ArgumentParser
import Foundation
import Login
import Server

/// Which repository of which server a command is about.
struct RepositoryAddress: ParsableArguments {
  @Option(help: "The domain's name.")
  var domain: String

  @Option(help: "The account that owns the domain (default: yours).")
  var domainOwner: String?

  @Option(help: "The repository's name.")
  var repository: String

  @Option(help: "The data directory of a server on this machine, for its address and key.")
  var data: String?

  /// Makes a signed call and returns its answer.
  func call(_ call: RepositoryCall) async throws -> RepositoryAnswer {
    let environment = ProcessInfo.processInfo.environment
    let account = try ServiceAccount(data: data, environment: environment)
    let body = try await ServiceClient.with(account, environment: environment) {
      (client: ServiceClient) in
      try await client.call(call, domain: domain, owner: domainOwner, repository: repository)
    }
    return RepositoryAnswer(body)
  }
}
