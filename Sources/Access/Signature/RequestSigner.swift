package import Bytes

/// Signs requests as AWS clients do: the other side of ``SignatureVerifier``.
package struct RequestSigner: Sendable {
  package let key: AccessKey
  package let region: String
  package let service: String

  package init(key: AccessKey, region: String, service: String = "codeartifact") {
    self.key = key
    self.region = region
    self.service = service
  }

  /// Returns `request` with the headers that sign it.
  ///
  /// Adds `X-Amz-Date` unless it is there, `X-Amz-Security-Token` with temporary credentials, and
  /// `Authorization`. Signs `host`, `content-type` and every `x-amz-` header, as botocore does.
  package func sign(
    _ request: SignableRequest,
    payloadHash: SHA256Digest,
    at time: SigningTime
  ) throws(SignatureError) -> SignableRequest {
    var signed = request
    if signed.values(of: "x-amz-date").isEmpty {
      signed.headers.append(.init("X-Amz-Date", time.text))
    }
    if let token = key.sessionToken, signed.values(of: "x-amz-security-token").isEmpty {
      signed.headers.append(.init("X-Amz-Security-Token", token))
    }
    let value = try authorization(
      for: signed,
      signedHeaders: Self.signedHeaders(of: signed),
      payloadHash: payloadHash,
      at: time
    )
    signed.headers.append(.init("Authorization", value))
    return signed
  }

  /// Returns the value of the `Authorization` header for a request whose other headers are all
  /// there; `signedHeaders` are names in lower case, sorted.
  package func authorization(
    for request: SignableRequest,
    signedHeaders: [String],
    payloadHash: SHA256Digest,
    at time: SigningTime
  ) throws(SignatureError) -> String {
    let scope = CredentialScope(date: time.dateText, region: region, service: service)
    let signature = try signature(
      of: request,
      signedHeaders: signedHeaders,
      payloadHash: payloadHash,
      at: time,
      scope: scope
    )
    return "\(SignatureClaim.algorithm) Credential=\(key.id)/\(scope.text), "
      + "SignedHeaders=\(signedHeaders.joined(separator: ";")), Signature=\(signature)"
  }

  /// Returns the query of a presigned form of `request`, good for `expirySeconds`; the headers in
  /// `request` are signed and must be sent along.
  package func presignedQuery(
    for request: SignableRequest,
    payloadHash: SHA256Digest,
    at time: SigningTime,
    expirySeconds: Int64
  ) throws(SignatureError) -> String {
    let scope = CredentialScope(date: time.dateText, region: region, service: service)
    let signedHeaders = Set(request.headers.map { $0.name.lowercased() }).sorted()
    var parameters = [
      ("X-Amz-Algorithm", SignatureClaim.algorithm),
      ("X-Amz-Credential", "\(key.id)/\(scope.text)"),
      ("X-Amz-Date", time.text),
      ("X-Amz-Expires", String(expirySeconds)),
      ("X-Amz-SignedHeaders", signedHeaders.joined(separator: ";")),
    ]
    if let token = key.sessionToken { parameters.append(("X-Amz-Security-Token", token)) }
    let added = parameters.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }
    let query = ([request.rawQuery] + added).filter { !$0.isEmpty }.joined(separator: "&")
    let unsigned = SignableRequest(
      method: request.method,
      rawPath: request.rawPath,
      rawQuery: query,
      headers: request.headers
    )
    let signature = try signature(
      of: unsigned,
      signedHeaders: signedHeaders,
      payloadHash: payloadHash,
      at: time,
      scope: scope
    )
    return query + "&X-Amz-Signature=" + signature
  }

  private func signature(
    of request: SignableRequest,
    signedHeaders: [String],
    payloadHash: SHA256Digest,
    at time: SigningTime,
    scope: CredentialScope
  ) throws(SignatureError) -> String {
    let canonical = try CanonicalRequest(
      request,
      signedHeaders: signedHeaders,
      payloadHash: payloadHash.hexadecimal,
      // A signature is made before it can be in the query.
      isPresigned: false
    )
    let stringToSign = canonical.stringToSign(at: time, scope: scope)
    let key = SigningKey(secret: key.secret, scope: scope)
    return Hexadecimal.encode(key.signature(of: stringToSign))
  }

  private static func signedHeaders(of request: SignableRequest) -> [String] {
    let names = Set(request.headers.map { $0.name.lowercased() })
    return names.filter { $0 == "host" || $0 == "content-type" || $0.hasPrefix("x-amz-") }.sorted()
  }
}
