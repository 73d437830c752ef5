import Exchange
import Repository

/// How the clients of one format are answered at a repository's endpoint.
protocol FormatEndpoint: Sendable {
  /// Answers a request from a caller whose token is good for the domain; what they may do there is
  /// for the format to check.
  func respond(
    to request: Request,
    at endpoint: RepositoryEndpoint,
    for caller: Caller
  ) async throws(RepositoryError) -> Reply

  /// Tells a client of the format why its request failed, at the gate or behind it.
  func refusal(
    of request: Request,
    for error: RepositoryError,
    at endpoint: RepositoryEndpoint
  ) -> Reply
}

extension FormatEndpoint {
  /// Plain text, which most package managers print.
  func refusal(
    of request: Request,
    for error: RepositoryError,
    at endpoint: RepositoryEndpoint
  ) -> Reply {
    Reply(error, at: endpoint)
  }
}
