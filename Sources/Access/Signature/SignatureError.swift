/// Why a request's signature was not accepted.
///
/// The names of the exceptions and their statuses are those of *Common Errors* in the AWS API
/// references; texts follow what AWS's own services say, since tools and people search for them.
package enum SignatureError: Error, Hashable {
  /// Nothing on the request says who sent it.
  case missing
  /// The signature's form is wrong; the text says what is missing.
  case incomplete(String)
  /// Nobody has the access key that the request names.
  case unknownAccessKey
  /// The signature is for another region, service or day; the text says which.
  case wrongScope(String)
  /// The request was signed longer ago than clocks may differ.
  case expired(signed: SigningTime, now: SigningTime, toleranceSeconds: Int64)
  /// The request was signed further in the future than clocks may differ.
  case notYetCurrent(signed: SigningTime, now: SigningTime, toleranceSeconds: Int64)
  /// The temporary credentials behind the signature are past their time.
  case sessionExpired
  /// A session token came with a key that has none, or another one.
  case badSessionToken
  /// The signature is not the one the secret gives; both texts are what we computed.
  case mismatch(canonicalRequest: String, stringToSign: String)
  /// The body is not the one that was signed.
  case bodyMismatch(signed: String, actual: String)

  /// The exception's name on the wire.
  package var exceptionName: String {
    switch self {
    case .missing: "MissingAuthenticationTokenException"
    case .incomplete: "IncompleteSignatureException"
    case .unknownAccessKey, .badSessionToken: "UnrecognizedClientException"
    case .sessionExpired: "ExpiredTokenException"
    case .wrongScope, .expired, .notYetCurrent, .mismatch, .bodyMismatch:
      "InvalidSignatureException"
    }
  }

  /// The HTTP status that goes with the exception.
  package var status: Int {
    if case .incomplete = self { 400 } else { 403 }
  }

  /// What happened, for a person.
  package var message: String {
    switch self {
    case .missing: "Missing Authentication Token"
    case .incomplete(let text), .wrongScope(let text): text
    case .unknownAccessKey, .badSessionToken:
      "The security token included in the request is invalid."
    case .sessionExpired: "The security token included in the request is expired"
    case .expired(let signed, let now, let tolerance):
      Self.skew("Signature expired: \(signed.text) is now earlier than", now, -tolerance)
    case .notYetCurrent(let signed, let now, let tolerance):
      Self.skew("Signature not yet current: \(signed.text) is still later than", now, tolerance)
    case .mismatch(let canonicalRequest, let stringToSign):
      Self.mismatch(canonicalRequest, stringToSign)
    case .bodyMismatch(let signed, let actual):
      "The request was signed with the payload hash \(signed), but the SHA-256 of the body "
        + "received is \(actual)."
    }
  }

  private static func skew(_ start: String, _ now: SigningTime, _ seconds: Int64) -> String {
    let limit = now.advanced(bySeconds: seconds)
    let minutes = abs(seconds) / 60
    let tolerance = minutes * 60 == abs(seconds) ? "\(minutes) min." : "\(abs(seconds)) s."
    return "\(start) \(limit.text) (\(now.text) \(seconds < 0 ? "-" : "+") \(tolerance))"
  }

  private static func mismatch(_ canonicalRequest: String, _ stringToSign: String) -> String {
    """
    The request signature we calculated does not match the signature you provided. Check your AWS \
    Secret Access Key and signing method. Consult the service documentation for details.

    The Canonical String for this request should have been
    '\(canonicalRequest)'

    The String-to-Sign should have been
    '\(stringToSign)'

    """
  }
}
