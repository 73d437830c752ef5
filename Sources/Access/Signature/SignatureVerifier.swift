package import Bytes

/// Proves who signed a request: AWS signature version 4, the `AWS4-HMAC-SHA256` algorithm.
///
/// Verification has two halves because the secret is found in between, and that may wait: first
/// ``claim(of:now:)`` reads the signature and refuses what can be refused without a secret, then
/// ``verify(_:of:body:key:)`` computes the signature anew and compares.
package struct SignatureVerifier: Sendable {
  /// How far a client's clock may be from ours, either way, as AWS allows it.
  package static let defaultToleranceSeconds: Int64 = 300

  /// The region the server answers for.
  package let region: String
  /// Other regions that a signature may name, for services that are the same in all.
  package let otherRegions: Set<String>
  /// The services the server answers for.
  package let services: Set<String>
  /// How far a client's clock may be from ours, either way.
  package let toleranceSeconds: Int64

  package init(
    region: String,
    otherRegions: Set<String> = [],
    services: Set<String> = ["codeartifact"],
    toleranceSeconds: Int64 = Self.defaultToleranceSeconds
  ) {
    self.region = region
    self.otherRegions = otherRegions
    self.services = services
    self.toleranceSeconds = toleranceSeconds
  }

  /// Reads a request's signature and checks all that needs no secret: form, scope and time.
  package func claim(
    of request: SignableRequest,
    now: SigningTime
  ) throws(SignatureError) -> SignatureClaim {
    let claim = try SignatureClaim(request)
    try checkScope(of: claim)
    try checkTime(of: claim, now: now)
    return claim
  }

  /// Checks that `key` gives the signature that the request claims, and that the body is the one
  /// that was signed.
  ///
  /// `body` is the SHA-256 of the body received, or nil while the body is still to come. Then the
  /// claimed hash in `x-amz-content-sha256` stands for it, and whoever reads the body must compare
  /// with ``claimedPayloadHash(of:)``.
  package func verify(
    _ claim: SignatureClaim,
    of request: SignableRequest,
    body: SHA256Digest?,
    key: AccessKey
  ) throws(SignatureError) {
    guard Self.equal(claim.sessionToken, key.sessionToken) else { throw .badSessionToken }
    let payloadHash = try payloadHash(of: request, body: body)
    let canonical = try CanonicalRequest(
      request,
      signedHeaders: claim.signedHeaders,
      payloadHash: payloadHash.hexadecimal,
      isPresigned: claim.isPresigned
    )
    let stringToSign = canonical.stringToSign(at: claim.time, scope: claim.scope)
    let expected = SigningKey(secret: key.secret, scope: claim.scope).signature(of: stringToSign)
    guard ConstantTime.equal(expected, claim.signature) else {
      throw .mismatch(canonicalRequest: canonical.text, stringToSign: stringToSign)
    }
    if let body, body != payloadHash {
      throw .bodyMismatch(signed: payloadHash.hexadecimal, actual: body.hexadecimal)
    }
  }

  /// Returns the hash that `x-amz-content-sha256` claims for the body, or nil without the header.
  ///
  /// - Throws: ``SignatureError/incomplete(_:)`` when it is no SHA-256: the unsigned and chunked
  ///   forms belong to S3.
  package static func claimedPayloadHash(
    of request: SignableRequest
  ) throws(SignatureError) -> SHA256Digest? {
    guard let text = request.values(of: "x-amz-content-sha256").first else { return nil }
    guard text == text.lowercased(), let digest = SHA256Digest(hexadecimal: text) else {
      throw .incomplete(
        "'x-amz-content-sha256' must be the SHA-256 of the body in lowercase hexadecimal digits."
      )
    }
    return digest
  }
}

extension SignatureVerifier {
  private func payloadHash(
    of request: SignableRequest,
    body: SHA256Digest?
  ) throws(SignatureError) -> SHA256Digest {
    if let claimed = try Self.claimedPayloadHash(of: request) { return claimed }
    guard let body else {
      throw .incomplete("A streamed body requires the header 'x-amz-content-sha256'.")
    }
    return body
  }

  private func checkScope(of claim: SignatureClaim) throws(SignatureError) {
    let scope = claim.scope
    guard scope.region == region || otherRegions.contains(scope.region) else {
      throw .wrongScope(
        "Credential should be scoped to a valid region, not '\(scope.region)'. "
          + "This server's region is '\(region)'."
      )
    }
    guard services.contains(scope.service) else {
      let names = services.sorted().map { "'\($0)'" }.joined(separator: " or ")
      throw .wrongScope("Credential should be scoped to correct service: \(names).")
    }
    guard scope.date == claim.time.dateText else {
      throw .wrongScope(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
          + "HTTP: '\(scope.date)' != '\(claim.time.dateText)', from '\(claim.time.text)'."
      )
    }
  }

  private func checkTime(of claim: SignatureClaim, now: SigningTime) throws(SignatureError) {
    let patience = claim.expirySeconds ?? toleranceSeconds
    guard now.secondsSinceEpoch - claim.time.secondsSinceEpoch <= patience else {
      throw .expired(signed: claim.time, now: now, toleranceSeconds: patience)
    }
    guard claim.time.secondsSinceEpoch - now.secondsSinceEpoch <= toleranceSeconds else {
      throw .notYetCurrent(signed: claim.time, now: now, toleranceSeconds: toleranceSeconds)
    }
  }

  private static func equal(_ left: String?, _ right: String?) -> Bool {
    ConstantTime.equal(Array((left ?? "").utf8), Array((right ?? "").utf8))
  }
}
