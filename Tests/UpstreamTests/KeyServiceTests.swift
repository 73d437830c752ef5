import Access
import Bytes
import FormatRules
import Repository
import Synchronization
import Testing
import Upstream

/// Master keys in a key service, which here is a script that keeps AWS's protocol.
@Suite("Key service")
struct KeyServiceTests {
  private static let keyARN = "arn:aws:kms:eu-west-1:111122223333:key/abc"
  private static let now: Int64 = 1_800_000_000
  private static let credentials = [
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "",
  ]

  private func withService(
    credentials: [String: String] = Self.credentials,
    keyARN: String = Self.keyARN,
    isEnabled: Bool = true,
    _ body: (KeyManagementService, LocalServer) async throws -> Void
  ) async throws {
    let server = try await LocalServer.start { request in
      let (status, answer) = Self.answer(request, isEnabled: isEnabled)
      let text = "HTTP/1.1 \(status) X\r\nContent-Length: \(answer.utf8.count)\r\n\r\n\(answer)"
      return [.send(Array(text.utf8))]
    }
    let known = try #require(KeyServiceCredentials(environment: credentials))
    let made = KeyManagementService(
      keyARN: keyARN,
      endpoint: server.base,
      credentials: known,
      now: { Self.now }
    )
    let service = try #require(made)
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body(service, server)) } catch { outcome = .failure(error) }
    await service.shutdown()
    // A test may have stopped it.
    try? await server.stop()
    try outcome.get()
  }

  /// What the service answers: its "encryption" is the plaintext and the context in a row.
  private static func answer(_ request: LocalServer.Request, isEnabled: Bool) -> (Int, String) {
    guard isSigned(request) else {
      return (400, #"{"__type":"InvalidSignatureException","message":"wrong"}"#)
    }
    guard let input = try? JSONReader.read(request.body),
      request.headers["content-type"] == "application/x-amz-json-1.1",
      input["KeyId"]?.string == keyARN
    else { return (400, #"{"__type":"NotFoundException","message":"no such key"}"#) }
    let context = input["EncryptionContext"]?["larder:domain"]?.string ?? ""
    switch request.headers["x-amz-target"] {
    case "TrentService.DescribeKey":
      return (
        200,
        #"{"KeyMetadata":{"Enabled":\#(isEnabled),"KeyUsage":"ENCRYPT_DECRYPT"}}"#
      )
    case "TrentService.Encrypt":
      let plain = Base64.decodePadded(input["Plaintext"]?.string ?? "") ?? []
      let blob = Base64.encode(plain.reversed() + Array(context.utf8))
      return (200, #"{"CiphertextBlob":"\#(blob)","KeyId":"\#(keyARN)"}"#)
    case "TrentService.Decrypt":
      let blob = Base64.decodePadded(input["CiphertextBlob"]?.string ?? "") ?? []
      guard Array(blob.dropFirst(32)) == Array(context.utf8) else {
        return (400, #"{"__type":"com.amazonaws.kms#InvalidCiphertextException"}"#)
      }
      return (200, #"{"Plaintext":"\#(Base64.encode(blob.prefix(32).reversed()))"}"#)
    default: return (400, #"{"__type":"UnknownOperationException"}"#)
    }
  }

  private static func isSigned(_ request: LocalServer.Request) -> Bool {
    let verifier = SignatureVerifier(region: "eu-west-1", services: ["kms"])
    let signable = SignableRequest(
      method: "POST",
      rawPath: request.path,
      rawQuery: "",
      headers: request.headers.map { .init($0.key, $0.value) }
    )
    guard
      let claim = try? verifier.claim(
        of: signable,
        now: SigningTime(secondsSinceEpoch: now)
      )
    else { return false }
    let key = AccessKey(id: "AKIDEXAMPLE", secret: "secret")
    return
      (try? verifier.verify(
        claim,
        of: signable,
        body: PayloadHash.sha256(request.body),
        key: key
      )) != nil
  }

  @Test func `a data key is wrapped, and unwrapped for its own domain alone`() async throws {
    try await withService { service, _ in
      try await service.check()
      let key = (0..<32).map { UInt8($0) }
      let wrapped = try await service.wrap(key, with: "any", context: "domain 1/a")
      #expect(wrapped.master == Self.keyARN)
      #expect(service.hasKey(named: wrapped.master))
      #expect(try await service.unwrap(wrapped, with: "any", context: "domain 1/a") == key)
      let error = await #expect(throws: MasterKeyFailure.self) {
        _ = try await service.unwrap(wrapped, with: "any", context: "domain 1/b")
      }
      #expect(error?.kind == .damaged)
    }
  }

  @Test func `calls are signed for the key's region and its service`() async throws {
    try await withService { service, server in
      try await service.check()
      let header = server.requests.first?.headers["authorization"] ?? ""
      #expect(header.contains("/eu-west-1/kms/aws4_request"))
      #expect(header.contains("x-amz-target"))
    }
    var wrong = Self.credentials
    wrong["AWS_SECRET_ACCESS_KEY"] = "guessed"
    try await withService(credentials: wrong) { service, _ in
      let error = await #expect(throws: MasterKeyFailure.self) { try await service.check() }
      #expect(error?.kind == .refused)
      #expect(error?.message.contains("InvalidSignatureException: wrong") == true)
    }
  }

  @Test func `a key that is not there, or not enabled, is refused`() async throws {
    let other = "arn:aws:kms:eu-west-1:111122223333:key/other"
    try await withService(keyARN: other) { service, _ in
      let error = await #expect(throws: MasterKeyFailure.self) { try await service.check() }
      #expect(error?.kind == .refused)
      #expect(error?.message.contains("no such key") == true)
    }
    try await withService(isEnabled: false) { service, _ in
      let error = await #expect(throws: MasterKeyFailure.self) { try await service.check() }
      #expect(error?.kind == .refused)
    }
  }

  @Test func `a service that is not there may be there later`() async throws {
    try await withService { service, server in
      try await server.stop()
      let error = await #expect(throws: MasterKeyFailure.self) { try await service.check() }
      #expect(error?.kind == .unavailable)
    }
  }

  @Test func `what names no key or no address is none`() throws {
    let credentials = try #require(KeyServiceCredentials(environment: Self.credentials))
    for (name, address) in [
      ("abc", "https://h"), ("arn:aws:s3:eu:1:key/a", "https://h"), (Self.keyARN, "h:80"),
      (Self.keyARN, "https://"),
    ] {
      #expect(
        KeyManagementService(
          keyARN: name,
          endpoint: address,
          credentials: credentials,
          now: { 0 }
        ) == nil
      )
    }
    #expect(KeyServiceCredentials(environment: [:]) == nil)
  }
}
