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

  /// Says why a request failed, in the form that the format's clients print.
  func refusal(_ error: RepositoryError, at endpoint: RepositoryEndpoint) -> Reply
}

extension FormatEndpoint {
  func refusal(_ error: RepositoryError, at endpoint: RepositoryEndpoint) -> Reply {
    Reply(error, at: endpoint)
  }
}
