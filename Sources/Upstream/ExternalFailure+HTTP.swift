internal import AsyncHTTPClient
internal import FormatRules
internal import FoundationEssentials
internal import NIOHTTP1
internal import NIOSSL
internal import Repository

extension ExternalFailure {
  /// What a broken exchange with a source means.
  ///
  /// `name` is what was asked for.
  init(_ error: any Error, of name: String) {
    switch error {
    case let failure as ExternalFailure:
      self = failure
    case let error as HTTPClientError where Self.timeouts.contains(error):
      self.init(.timedOut, "\(name): the source did not answer in time (\(error))")
    case let error as NIOSSLError:
      if case .handshakeFailed(let reason) = error {
        self.init(
          .unusable,
          "\(name): no trusted connection (\(reason)); if the source has a certificate of your "
            + "own authority, set SSL_CERT_FILE"
        )
      } else {
        self.init(.unreachable, "\(name): the connection broke (\(error))")
      }
    default:
      self.init(.unreachable, "\(name): the source cannot be reached (\(error))")
    }
  }

  /// What a status that is no answer means.
  init(_ status: HTTPResponseStatus, of name: String, _ headers: HTTPHeaders) {
    let retryAfter = headers.first(name: "retry-after").flatMap(Self.pause)
    switch status.code {
    case 404, 410:
      self.init(.absent, "\(name): the source has no such file (\(status.code))")
    case 429:
      self.init(
        .throttled,
        "\(name): the source asks to come back later (429)",
        retryAfter: retryAfter
      )
    case 500...599:
      self.init(
        .failing(status: Int(status.code)),
        "\(name): the source fails (\(status.code))",
        retryAfter: retryAfter
      )
    case 401, 403, 407:
      self.init(
        .unusable,
        "\(name): the source refuses (\(status.code)); check the credentials in its address"
      )
    default:
      self.init(.unusable, "\(name): the source gave an answer of no use (\(status.code))")
    }
  }

  /// What keeps another address of the same host from being asked for.
  func keepingFrom(_ address: String) -> ExternalFailure {
    guard !message.hasPrefix("\(address):") else { return self }
    var failure = self
    failure.message = "\(address): not asked for, since its host failed lately (\(message))"
    return failure
  }

  private static let timeouts: [HTTPClientError] = [
    .connectTimeout, .readTimeout, .writeTimeout, .deadlineExceeded, .tlsHandshakeTimeout,
    .getConnectionFromPoolTimeout,
  ]

  /// Reads `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date.
  private static func pause(_ text: String) -> Duration? {
    if let seconds = Int(text.trimmingPrefix { $0 == " " }) {
      return seconds < 0 ? nil : .seconds(min(seconds, 86_400))
    }
    guard let moment = moment(text) else { return nil }
    return .seconds(max(0, min(86_400, moment - Date().timeIntervalSince1970)))
  }

  /// Reads the preferred form of an HTTP date (RFC 9110 section 5.6.7), such as
  /// `Sun, 06 Nov 1994 08:49:37 GMT`, as seconds since the beginning of 1970.
  private static func moment(_ text: String) -> Double? {
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT",
      let month = months.firstIndex(of: String(parts[2]))
    else { return nil }
    let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
    return UploadTime("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
      .map { Double($0.microseconds) / 1_000_000 }
  }
}
