import Exchange
import HTTPTypes
import Repository

extension Reply {
  /// Tells a package manager why its request failed.
  ///
  /// The message is the body and, because twine shows only that, the reason phrase too. Failures
  /// of the server's own keep their details for the log.
  init(_ error: RepositoryError, at endpoint: RepositoryEndpoint) {
    let status = Self.status(of: error.code)
    let message =
      error.code == .internalFailure
      ? "The server failed at this request; its log says why." : error.message
    var headers = HTTPFields()
    if error.code == .unauthenticated {
      headers[values: .wwwAuthenticate] = Self.challenges(for: endpoint)
    }
    if let retryAfter = error.retryAfter ?? Self.patience(after: error.code) {
      headers[.retryAfter] = String(max(1, retryAfter.components.seconds))
    }
    self = .text(
      HTTPResponse.Status(code: status.code, reasonPhrase: Self.reasonPhrase(message, status)),
      message,
      headers: headers
    )
    self.fault = error.logged
  }

  /// The table from the house's vocabulary to HTTP, for every code; nil is a code that a later
  /// version of ``RepositoryError/Code`` has and this table lacks, which a test refuses.
  static func row(for code: RepositoryError.Code) -> HTTPResponse.Status? {
    switch code {
    case .accessDenied, .quotaExceeded: .forbidden
    case .conflict: .conflict
    case .internalFailure: .internalServerError
    case .notFound: .notFound
    case .rangeNotSatisfiable: .rangeNotSatisfiable
    case .storageFull: HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
    case .throttled: .tooManyRequests
    case .tooLarge: .contentTooLarge
    case .unauthenticated: .unauthorized
    case .upstreamUnavailable: .serviceUnavailable
    case .validation: .badRequest
    default: nil
    }
  }

  private static func status(of code: RepositoryError.Code) -> HTTPResponse.Status {
    row(for: code) ?? .internalServerError
  }

  /// Both schemes, so that clients of either kind try again with what they have.
  private static func challenges(for endpoint: RepositoryEndpoint) -> [String] {
    let realm = "\(endpoint.path.domain)/\(endpoint.path.repository)"
    let quoted = realm.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case " "..."~": String(scalar)
      default: "?"
      }
    }.joined()
    return ["Bearer realm=\"\(quoted)\"", "Basic realm=\"\(quoted)\""]
  }

  /// How long to wait where the failure itself does not say: clients that are told nothing come
  /// back at once.
  private static func patience(after code: RepositoryError.Code) -> Duration? {
    code == .throttled || code == .upstreamUnavailable ? .seconds(5) : nil
  }

  private static let longestReasonPhrase = 300

  private static func reasonPhrase(_ message: String, _ status: HTTPResponse.Status) -> String {
    guard status.kind == .clientError else { return status.reasonPhrase }
    return String(message.prefix(longestReasonPhrase))
  }
}
