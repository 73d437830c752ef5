import Bytes

/// The one spelling of a request that signer and verifier agree on.
///
/// Source: *Create a signed AWS API request*, "Create a canonical request", in the AWS Identity and
/// Access Management User Guide; for services other than S3.
///
/// ```
/// METHOD \n path \n query \n
/// name:value \n …  \n
/// names;of;signed;headers \n
/// hexadecimal SHA-256 of the body
/// ```
package struct CanonicalRequest: Hashable, Sendable {
  /// The canonical spelling.
  package let text: String

  /// Spells `request` out.
  ///
  /// The names of `signedHeaders` are in lower case and sorted, `payloadHash` is the body's SHA-256
  /// in hexadecimal. The query of a presigned request carries the signature itself, which is left
  /// out.
  ///
  /// - Throws: ``SignatureError/incomplete(_:)`` when an escape in the query is broken.
  package init(
    _ request: SignableRequest,
    signedHeaders: [String],
    payloadHash: String,
    isPresigned: Bool
  ) throws(SignatureError) {
    let headers = signedHeaders.map { name in
      name + ":" + Self.value(of: request.values(of: name)) + "\n"
    }
    let query = try Self.query(request.rawQuery, isPresigned: isPresigned)
    self.text = """
      \(request.method)
      \(Self.path(request.rawPath))
      \(query)
      \(headers.joined())
      \(signedHeaders.joined(separator: ";"))
      \(payloadHash)
      """
  }

  /// Removes empty and dot segments (RFC 3986 section 5.2.4), then escapes what was sent once more.
  ///
  /// A `%2F` on the wire is thus signed as `%252F`. Only S3 does neither.
  static func path(_ rawPath: String) -> String {
    var segments: [Substring] = []
    for bytes in rawPath.utf8.split(separator: UInt8(ascii: "/")) {
      let segment = Substring(bytes)
      switch segment {
      case ".": continue
      case "..": _ = segments.popLast()
      default: segments.append(segment)
      }
    }
    let joined = segments.map { "/" + PercentEncoding.encode($0) }.joined()
    return rawPath.hasSuffix("/") || joined.isEmpty ? joined + "/" : joined
  }

  /// Escapes names and values in one way and sorts them by name, then by value, as bytes.
  private static func query(
    _ rawQuery: String,
    isPresigned: Bool
  ) throws(SignatureError) -> String {
    var pairs: [(name: String, value: String)] = []
    for (rawName, rawValue) in QueryParameters.split(rawQuery) {
      guard let name = PercentEncoding.decode(rawName),
        let value = PercentEncoding.decode(rawValue)
      else { throw .incomplete("The query string is not percent-encoded UTF-8.") }
      if isPresigned, name == "X-Amz-Signature" { continue }
      pairs.append((PercentEncoding.encode(name), PercentEncoding.encode(value)))
    }
    pairs.sort { ($0.name, $0.value) < ($1.name, $1.value) }
    return pairs.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
  }

  /// Joins the values of one header with commas, white space around them dropped.
  ///
  /// Runs of it inside become one space; folded lines count as white space (RFC 9112 section 5.2).
  private static func value(of values: [String]) -> String {
    values.map { value in
      value.split(whereSeparator: \.isWhiteSpace).joined(separator: " ")
    }.joined(separator: ",")
  }
}

extension CanonicalRequest {
  /// The text that is signed: algorithm, time, scope and the digest of the canonical request.
  package func stringToSign(at time: SigningTime, scope: CredentialScope) -> String {
    """
    AWS4-HMAC-SHA256
    \(time.text)
    \(scope.text)
    \(PayloadHash.sha256(Array(text.utf8)).hexadecimal)
    """
  }
}
