internal import Access
internal import AsyncHTTPClient
internal import Bytes
internal import FormatRules
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
package import Repository

/// A master key in AWS's Key Management Service, or in anything that speaks its protocol: the key
/// never leaves it.
///
/// Calls are AWS JSON 1.1 with signature version 4 (KMS API reference 2014-11-01, `Encrypt`,
/// `Decrypt`, `DescribeKey`). What a data key belongs to goes along as encryption context, so that
/// a policy of the key may name domains, and so that no wrapped key opens for another one.
package struct KeyManagementService: MasterKeyProvider {
  /// The name under which the context is sent.
  private static let contextName = "larder:domain"
  private static let patience = TimeAmount.seconds(10)
  private static let byteLimit = 64 << 10

  /// The key's full name (ARN).
  package let keyARN: String
  private let endpoint: String
  private let authority: String
  private let signer: RequestSigner
  private let client: HTTPClient
  private let now: @Sendable () -> Int64

  /// Makes a provider; nil when name or address is none.
  ///
  /// - Parameters:
  ///   - keyARN: the full name of the key, `arn:aws:kms:REGION:ACCOUNT:key/ID`, or of an alias of
  ///   it.
  ///   - endpoint: the service's address, without a path.
  ///   - credentials: what calls are signed with.
  ///   - environment: the process's environment, for the trusted certificates.
  ///   - now: the time of signing, in seconds since 1970.
  package init?(
    keyARN: String,
    endpoint: String,
    credentials: KeyServiceCredentials,
    environment: [String: String] = [:],
    now: @escaping @Sendable () -> Int64
  ) {
    let parts = keyARN.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn", parts[2] == "kms", !parts[3].isEmpty,
      let scheme = ["https://", "http://"].first(where: endpoint.hasPrefix)
    else { return nil }
    let authority = endpoint.dropFirst(scheme.count).prefix { $0 != "/" }
    guard !authority.isEmpty else { return nil }
    self.keyARN = keyARN
    self.authority = String(authority)
    self.endpoint = scheme + authority
    self.signer = RequestSigner(
      key: AccessKey(
        id: credentials.id,
        secret: credentials.secret,
        sessionToken: credentials.sessionToken
      ),
      region: String(parts[3]),
      service: "kms"
    )
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.trustRoots = TrustStore.roots(environment)
    self.client = HTTPClient(
      configuration: HTTPClient.Configuration(
        tlsConfiguration: tls,
        redirectConfiguration: .disallow
      )
    )
    self.now = now
  }

  /// Closes the connections.
  ///
  /// Nothing may be asked afterwards.
  package func shutdown() async {
    try? await client.shutdown()
  }

  package func hasKey(named name: String) -> Bool { name == keyARN }

  /// Asks whether the key is there, enabled and good for encryption.
  package func check() async throws(MasterKeyFailure) {
    let answer = try await call("DescribeKey", [("KeyId", .string(keyARN))])
    let metadata = answer["KeyMetadata"]
    guard metadata?["Enabled"] == .bool(true) else {
      throw MasterKeyFailure(.refused, "Key \(keyARN) is not enabled.")
    }
    guard metadata?["KeyUsage"] == .string("ENCRYPT_DECRYPT") else {
      throw MasterKeyFailure(.refused, "Key \(keyARN) is not for encryption.")
    }
  }

  package func wrap(
    _ dataKey: [UInt8],
    with name: String,
    context: String
  ) async throws(MasterKeyFailure) -> WrappedKey {
    let answer = try await call(
      "Encrypt",
      [
        ("KeyId", .string(keyARN)), ("Plaintext", .string(Base64.encode(dataKey))),
        ("EncryptionContext", .object([.init(Self.contextName, .string(context))])),
      ]
    )
    return WrappedKey(master: keyARN, bytes: try Self.bytes(of: "CiphertextBlob", in: answer))
  }

  package func unwrap(
    _ wrapped: WrappedKey,
    with name: String,
    context: String
  ) async throws(MasterKeyFailure) -> [UInt8] {
    let answer = try await call(
      "Decrypt",
      [
        ("KeyId", .string(keyARN)),
        ("CiphertextBlob", .string(Base64.encode(wrapped.bytes))),
        ("EncryptionContext", .object([.init(Self.contextName, .string(context))])),
      ]
    )
    return try Self.bytes(of: "Plaintext", in: answer)
  }

  private static func bytes(
    of member: String,
    in answer: JSONValue
  ) throws(MasterKeyFailure) -> [UInt8] {
    guard case .string(let text)? = answer[member], let bytes = Base64.decodePadded(text) else {
      throw MasterKeyFailure(.unavailable, "The key service's answer has no \(member).")
    }
    return bytes
  }
}

/// What calls to a key service are signed with.
package struct KeyServiceCredentials: Sendable {
  let id: String
  let secret: String
  let sessionToken: String?

  /// Takes them from where AWS's own tools look first: `AWS_ACCESS_KEY_ID`,
  /// `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
  ///
  /// - Returns: nil where the environment has none.
  package init?(environment: [String: String]) {
    guard let id = environment["AWS_ACCESS_KEY_ID"], !id.isEmpty,
      let secret = environment["AWS_SECRET_ACCESS_KEY"], !secret.isEmpty
    else { return nil }
    self.id = id
    self.secret = secret
    self.sessionToken = environment["AWS_SESSION_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
  }
}

// MARK: - Calls

extension KeyManagementService {
  private func call(
    _ operation: String,
    _ members: [(String, JSONValue)]
  ) async throws(MasterKeyFailure) -> JSONValue {
    var writer = JSONWriter()
    writer.value(.object(members.map { .init($0.0, $0.1) }))
    let body = writer.bytes
    let reply: (status: Int, body: [UInt8])
    do {
      reply = try await send(body, to: operation)
    } catch {
      throw MasterKeyFailure(
        .unavailable,
        "The key service at \(endpoint) cannot be reached for \(operation): \(error)."
      )
    }
    let answer = (try? JSONReader.read(reply.body)) ?? .object([])
    guard reply.status == 200 else { throw Self.failure(operation, reply.status, answer) }
    return answer
  }

  private func send(
    _ body: [UInt8],
    to operation: String
  ) async throws -> (status: Int, body: [UInt8]) {
    let unsigned = SignableRequest(
      method: "POST",
      rawPath: "/",
      rawQuery: "",
      headers: [
        .init("Host", authority), .init("Content-Type", "application/x-amz-json-1.1"),
        .init("X-Amz-Target", "TrentService.\(operation)"),
      ]
    )
    let signed = try signer.sign(
      unsigned,
      payloadHash: PayloadHash.sha256(body),
      at: SigningTime(secondsSinceEpoch: now())
    )
    var request = HTTPClientRequest(url: endpoint + "/")
    request.method = .POST
    for header in signed.headers where header.name != "Host" {
      request.headers.add(name: header.name, value: header.value)
    }
    request.body = .bytes(body)
    let reply = try await client.execute(request, timeout: Self.patience)
    let buffer = try await reply.body.collect(upTo: Self.byteLimit)
    return (Int(reply.status.code), Array(buffer.readableBytesView))
  }

  /// What an error means: `__type` names it, perhaps behind a `#`.
  private static func failure(
    _ operation: String,
    _ status: Int,
    _ answer: JSONValue
  ) -> MasterKeyFailure {
    var name = "status \(status)"
    if case .string(let type)? = answer["__type"] {
      name = type.split(separator: "#").last.map(String.init) ?? type
    }
    var message = ""
    for member in ["message", "Message"] {
      if case .string(let text)? = answer[member] { message = ": \(text)" }
    }
    let what = "The key service answers \(operation) with \(name)\(message)"
    switch name {
    case "InvalidCiphertextException", "IncorrectKeyException": return .init(.damaged, what)
    case "KMSInternalException", "DependencyTimeoutException", "KeyUnavailableException",
      "ThrottlingException", "LimitExceededException":
      return .init(.unavailable, what)
    default: return .init(status >= 500 ? .unavailable : .refused, what)
    }
  }
}
