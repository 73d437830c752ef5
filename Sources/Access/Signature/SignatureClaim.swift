import Bytes

/// What a signed request says of itself, before anything is proved.
///
/// It comes in two forms: the `Authorization` header, and the query of a presigned address.
package struct SignatureClaim: Hashable, Sendable {
  static let algorithm = "AWS4-HMAC-SHA256"
  private static let maximumExpirySeconds: Int64 = 604_800

  package let accessKeyID: String
  package let scope: CredentialScope
  /// Names in lower case, in the order the signature lists them.
  package let signedHeaders: [String]
  /// The 32 bytes claimed.
  package let signature: [UInt8]
  package let time: SigningTime
  /// Comes with temporary credentials.
  package let sessionToken: String?
  /// How long a presigned address is good, in seconds; nil for the header form.
  package let expirySeconds: Int64?

  /// Whether the signature came in the query.
  var isPresigned: Bool { expirySeconds != nil }

  /// Reads the claim off a request.
  ///
  /// - Throws: ``SignatureError/missing`` when there is no signature, and
  ///   ``SignatureError/incomplete(_:)`` when there is one of the wrong form.
  package init(_ request: SignableRequest) throws(SignatureError) {
    let authorization = request.values(of: "authorization")
    if let value = authorization.first {
      guard authorization.count == 1 else {
        throw .incomplete("The request has more than one Authorization header.")
      }
      try self.init(authorization: value, of: request)
    } else if request.parameter("X-Amz-Algorithm") != nil {
      try self.init(query: request)
    } else {
      throw .missing
    }
    try checkSignedHeaders(of: request)
  }

  private init(
    authorization value: String,
    of request: SignableRequest
  ) throws(SignatureError) {
    let parts = value.trimmingWhiteSpace().split(maxSplits: 1, whereSeparator: \.isWhiteSpace)
    guard parts.first.map(String.init) == Self.algorithm else {
      throw Self.unsupported(parts.first.map(String.init) ?? "")
    }
    let fields = Self.fields(of: parts.count > 1 ? parts[1] : "")
    let names = ["Credential", "Signature", "SignedHeaders"]
    let missing = names.filter { fields[$0] == nil }.map {
      "Authorization header requires '\($0)' parameter."
    }
    guard let credential = fields["Credential"], let signature = fields["Signature"],
      let signedHeaders = fields["SignedHeaders"]
    else { throw .incomplete(missing.joined(separator: " ")) }
    guard let time = request.values(of: "x-amz-date").first else {
      throw .incomplete("Authorization header requires existence of a 'X-Amz-Date' header.")
    }
    try self.init(
      credential: credential,
      signature: signature,
      signedHeaders: signedHeaders,
      time: time,
      sessionToken: request.values(of: "x-amz-security-token").first,
      expires: nil
    )
  }

  private init(query request: SignableRequest) throws(SignatureError) {
    let algorithm = request.parameter("X-Amz-Algorithm") ?? ""
    guard algorithm == Self.algorithm else { throw Self.unsupported(algorithm) }
    guard let credential = request.parameter("X-Amz-Credential"),
      let signature = request.parameter("X-Amz-Signature"),
      let signedHeaders = request.parameter("X-Amz-SignedHeaders"),
      let time = request.parameter("X-Amz-Date"), let expires = request.parameter("X-Amz-Expires")
    else {
      throw .incomplete(
        "A presigned request requires 'X-Amz-Credential', 'X-Amz-Signature', "
          + "'X-Amz-SignedHeaders', 'X-Amz-Date' and 'X-Amz-Expires' in its query."
      )
    }
    try self.init(
      credential: credential,
      signature: signature,
      signedHeaders: signedHeaders,
      time: time,
      sessionToken: request.parameter("X-Amz-Security-Token"),
      expires: expires
    )
  }

  private init(
    credential: String,
    signature: String,
    signedHeaders: String,
    time: String,
    sessionToken: String?,
    expires: String?
  ) throws(SignatureError) {
    guard let (keyID, scope) = CredentialScope.splitting(credential: credential) else {
      throw .incomplete(
        "Credential must have exactly 5 slash-delimited elements, e.g. "
          + "keyid/date/region/service/term, got '\(credential)'."
      )
    }
    guard let bytes = Self.signatureBytes(signature) else {
      throw .incomplete("The signature must be 64 lowercase hexadecimal digits.")
    }
    guard let time = SigningTime(time) else {
      throw .incomplete(
        "Date must be in ISO-8601 'basic format'. Got '\(time)'. Expected e.g. "
          + "'20150830T123600Z'."
      )
    }
    self.accessKeyID = keyID
    self.scope = scope
    self.signature = bytes
    self.signedHeaders = signedHeaders.split(separator: ";").map(String.init)
    self.time = time
    self.sessionToken = sessionToken
    self.expirySeconds = try Self.expiry(expires)
  }
}

extension SignatureClaim {
  /// What is signed must tie the request to this host and cover every instruction in an `x-amz-`
  /// header, or a signature could be moved to another request.
  private func checkSignedHeaders(of request: SignableRequest) throws(SignatureError) {
    guard signedHeaders == Set(signedHeaders).sorted(),
      signedHeaders.allSatisfy({ $0 == $0.lowercased() })
    else {
      throw .incomplete("'SignedHeaders' must be lowercase names in order, each of them once.")
    }
    let present = Set(request.headers.map { $0.name.lowercased() })
    if let absent = signedHeaders.first(where: { !present.contains($0) }) {
      throw .incomplete("The signed header '\(absent)' is not in the request.")
    }
    let required = present.filter { $0.hasPrefix("x-amz-") }.union(["host"])
    let unsigned = required.subtracting(signedHeaders).sorted()
    guard unsigned.isEmpty else {
      let names = unsigned.map { "'\($0)'" }.joined(separator: ", ")
      throw .incomplete("\(names) must be a 'SignedHeader' in the AWS Authorization.")
    }
  }

  private static func unsupported(_ algorithm: String) -> SignatureError {
    .incomplete("Unsupported AWS 'algorithm': '\(algorithm.prefix(64))'. Use '\(Self.algorithm)'.")
  }

  private static func fields(of text: Substring) -> [String: String] {
    var fields: [String: String] = [:]
    for field in text.split(separator: ",") {
      let sides = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2 else { continue }
      fields[sides[0].trimmingWhiteSpace()] = sides[1].trimmingWhiteSpace()
    }
    return fields
  }

  private static func signatureBytes(_ text: String) -> [UInt8]? {
    guard text.utf8.count == 64, text == text.lowercased() else { return nil }
    return Hexadecimal.decode(text)
  }

  private static func expiry(_ text: String?) throws(SignatureError) -> Int64? {
    guard let text else { return nil }
    guard let seconds = Int64(text), (1...maximumExpirySeconds).contains(seconds) else {
      throw .incomplete("'X-Amz-Expires' must be a number of seconds from 1 to 604800.")
    }
    return seconds
  }
}
