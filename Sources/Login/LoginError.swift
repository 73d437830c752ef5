/// Why a tool was not logged in, in words for its user.
package enum LoginError: Error, Hashable, CustomStringConvertible {
  /// The server's address is none.
  case address(String)
  /// The server did not answer.
  case unreachable(endpoint: String, reason: String)
  /// The server said no.
  case refused(operation: String, status: Int, message: String)
  /// A file cannot be read, edited or written.
  case file(path: String, reason: String)

  package var description: String {
    switch self {
    case .address(let text):
      "\"\(text)\" is no http or https address of a server; is AWS_ENDPOINT_URL_CODEARTIFACT right?"
    case .unreachable(let endpoint, let reason):
      "no answer from \(endpoint): \(reason); is the server running?"
    case .refused(let operation, let status, let message):
      "\(operation) was refused with \(status): \(message)"
    case .file(let path, let reason): "\(path) stays as it is: \(reason)"
    }
  }
}
