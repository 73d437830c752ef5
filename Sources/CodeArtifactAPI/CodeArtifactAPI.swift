import Access
import Bytes
import Catalog
package import Exchange
import HTTPTypes
package import Repository

/// The control API of CodeArtifact (2018-09-22), as far as this server serves it, over a depot.
///
/// A request goes through five steps, and the first that fails answers: the route names the
/// operation; the signature proves the caller; parameters are decoded and held against the model's
/// limits; the caller's right is judged; the depot does the work.
package struct CodeArtifactAPI: Responder {
  /// The longest body an operation takes, in bytes.
  ///
  /// The largest that the model allows are lists of 200 tags or some repositories' names; this
  /// leaves room for every escape JSON has.
  static let bodyByteLimit = 1 << 20

  let depot: Depot
  let region: String
  private let clock: any DepotClock
  private let verifier: SignatureVerifier

  /// Makes the API over a depot, for the one region that the depot is in: its name is part of every
  /// signature and every resource's name.
  package init(depot: Depot, clock: any DepotClock) {
    self.depot = depot
    self.region = depot.options.region
    self.clock = clock
    self.verifier = SignatureVerifier(region: region)
  }

  /// Answers a call, or says what is wrong with it in the API's own form.
  package func respond(to request: Request) async -> Reply {
    var reply: Reply
    do throws(Fault) {
      reply = try await answer(to: request)
    } catch {
      request.trail.note(error)
      reply = error.reply
    }
    reply.headers[.amznRequestID] = request.id
    return reply
  }

  private func answer(to request: Request) async throws(Fault) -> Reply {
    let (method, path) = (request.method.rawValue, request.target.rawPath)
    if let administration = AdministrationCall(method: method, path: path) {
      request.trail.note(event: administration.eventName)
      var call = try await call(of: request, streamsBody: false)
      try limit(call, administration.eventName)
      let reply = try await perform(administration, &call)
      request.trail.note(reply: reply)
      return reply
    }
    if let identities = IdentityCall(method: method, path: path) {
      request.trail.note(event: identities.eventName, of: .identities)
      var call = try await call(of: request, streamsBody: false)
      try limit(call, identities.eventName)
      let reply = try await perform(identities, &call)
      request.trail.note(reply: reply)
      return reply
    }
    guard let operation = Operation(method: method, path: path) else { throw .unknownOperation }
    request.trail.note(event: operation.rawValue)
    var call = try await call(of: request, streamsBody: operation.streamsBody)
    try limit(call, operation.rawValue)
    let reply = try await perform(operation, &call)
    request.trail.note(reply: reply)
    return reply
  }

  /// Proves who calls, and reads the parameters.
  private func call(of request: Request, streamsBody: Bool) async throws(Fault) -> Call {
    request.trail.note(TrailTarget(request.target, region: region))
    let signed = SignableRequest(request)
    let claimedHash = try streamsBody ? Self.assetHash(of: request) : nil
    let claim = try claim(of: signed)
    // Content is proved by the hash it is signed with, so that it need not be held to be checked.
    let body = streamsBody ? nil : try await Self.body(of: request)
    let principal = try await principal(behind: claim, of: signed, body: body)
    request.trail.note(principal, accessKeyID: claim.accessKeyID)
    request.trail.note(TrailTarget(request.target, region: region, account: principal.account))
    let input = try OperationInput(target: request.target, body: body ?? [])
    request.trail.note(parameters: input.auditParameters)
    return Call(
      principal: principal,
      context: AccessContext(
        sourceAddress: request.peer,
        userAgent: request.headers[.userAgent],
        isSecure: request.base.hasPrefix("https:")
      ),
      base: request.base,
      trail: request.trail,
      input: input,
      upload: claimedHash.map { Call.Upload(body: request.body, claimedHash: $0) }
    )
  }
}

extension CodeArtifactAPI {
  private func claim(of request: SignableRequest) throws(Fault) -> SignatureClaim {
    let now = SigningTime(secondsSinceEpoch: clock.now().microseconds / 1_000_000)
    do throws(SignatureError) {
      return try verifier.claim(of: request, now: now)
    } catch {
      throw Fault(error)
    }
  }

  /// The member `assetSHA256`, which is the hash that the signature is made with as well.
  ///
  /// Judged before the signature, which cannot be computed over what is no hash; a request without
  /// it is left to the signature.
  private static func assetHash(of request: Request) throws(Fault) -> SHA256Digest? {
    guard let text = request.headers[.amznContentSHA256] else { return nil }
    let violations = StringShape.sha256.violations(of: text)
    guard violations.isEmpty, let digest = SHA256Digest(hexadecimal: text) else {
      var input = try OperationInput(target: request.target, body: [])
      for violation in violations { input.note("assetSHA256", value: text, violation) }
      try input.finish()
      return nil
    }
    return digest
  }

  private func principal(
    behind claim: SignatureClaim,
    of request: SignableRequest,
    body: [UInt8]?
  ) async throws(Fault) -> Principal {
    let caller = try await depotCall { () throws(RepositoryError) in
      try await depot.caller(
        behind: claim,
        of: request,
        body: body.map(PayloadHash.sha256),
        verifier: verifier
      )
    }
    do throws(SignatureError) {
      return try caller.get()
    } catch {
      throw Fault(error)
    }
  }

  private static func body(of request: Request) async throws(Fault) -> [UInt8] {
    do {
      return try await request.body.collect(upTo: bodyByteLimit)
    } catch let error as BodyTooLong {
      throw Fault(
        RepositoryError(.tooLarge, "The request's body is longer than \(error.limit) bytes.")
      )
    } catch {
      throw .validation(
        "The connection broke before the request's body was whole.",
        reason: .cannotParse
      )
    }
  }
}

extension SignableRequest {
  /// What a signature covers of a request.
  init(_ request: Request) {
    self.init(
      method: request.method.rawValue,
      rawPath: request.target.rawPath,
      rawQuery: request.target.rawQuery,
      headers: request.headers.map { Header($0.name.rawName, $0.value) }
    )
  }
}
