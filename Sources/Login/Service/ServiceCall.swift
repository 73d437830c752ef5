internal import Access
internal import FoundationEssentials

/// A call of the CodeArtifact API, before it is signed.
package struct ServiceCall: Hashable, Sendable {
  /// The operation's name, for people.
  package let operation: String
  package let method: String
  package let path: String
  package let query: [Parameter]
  /// JSON; empty for a call without any.
  package let body: [UInt8]

  /// One `name=value` of the query.
  package struct Parameter: Hashable, Sendable {
    package let name: String
    package let value: String
  }

  init(
    _ operation: String,
    _ method: String,
    _ path: String,
    _ query: [(String, String?)],
    body: [UInt8] = []
  ) {
    self.operation = operation
    self.method = method
    self.path = path
    self.query = query.compactMap { name, value in
      value.map { Parameter(name: name, value: $0) }
    }
    self.body = body
  }

  /// `GetAuthorizationToken`; 0 seconds is as good as none, as with the AWS tools.
  package static func token(domain: String, owner: String?, seconds: Int?) -> ServiceCall {
    let duration = seconds.flatMap { $0 == 0 ? nil : String($0) }
    return ServiceCall(
      "GetAuthorizationToken",
      "POST",
      "/v1/authorization-token",
      [("domain", domain), ("domain-owner", owner), ("duration", duration)]
    )
  }

  /// `GetRepositoryEndpoint` for one format.
  package static func endpoint(
    domain: String,
    owner: String?,
    repository: String,
    format: String,
    type: String?
  ) -> ServiceCall {
    ServiceCall(
      "GetRepositoryEndpoint",
      "GET",
      "/v1/repository/endpoint",
      [
        ("domain", domain), ("domain-owner", owner), ("repository", repository),
        ("format", format), ("endpointType", type),
      ]
    )
  }

  /// Where the call goes and the headers it carries.
  ///
  /// - Throws: ``LoginError/address(_:)`` when the account's endpoint is no address.
  package func signed(
    by account: ServiceAccount,
    at secondsSinceEpoch: Int64
  ) throws(LoginError) -> (url: String, headers: [(String, String)]) {
    guard let base = URLComponents(string: account.endpoint), let host = base.host,
      ["http", "https"].contains(base.scheme)
    else { throw .address(account.endpoint) }
    let authority = base.port.map { "\(host):\($0)" } ?? host
    let rawQuery = query.map { "\($0.name)=\(Self.encoded($0.value))" }.joined(separator: "&")
    let request = SignableRequest(
      method: method,
      rawPath: base.percentEncodedPath + path,
      rawQuery: rawQuery,
      headers: [.init("Host", authority)]
    )
    let signer = RequestSigner(key: account.key, region: account.region)
    let time = SigningTime(secondsSinceEpoch: secondsSinceEpoch)
    do {
      let signed = try signer.sign(request, payloadHash: PayloadHash.sha256(body), at: time)
      return (
        "\(account.endpoint)\(path)?\(rawQuery)", signed.headers.map { ($0.name, $0.value) }
      )
    } catch { throw .address(account.endpoint) }
  }

  /// All but the unreserved characters as escapes (RFC 3986 section 2.3).
  private static func encoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
      let isPlain =
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
        || "-._~".utf8.contains(byte)
      if isPlain {
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return encoded
  }
}
