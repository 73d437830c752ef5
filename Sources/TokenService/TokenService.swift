import Access
import Bytes
import Catalog
package import Exchange
import FormatRules
import HTTPTypes
package import Repository

/// The part of AWS's Security Token Service (2011-06-15) by which its tools find out who they are
/// and take on roles, over a depot.
///
/// Calls are forms, posted or in a query, and answers are XML (the Query protocol of AWS). All but
/// the exchange of an identity provider's token are signed, for the service `sts` and the server's
/// region or `us-east-1`, where the service's global endpoint is.
package struct TokenService: Responder {
  /// The longest body of a call, in bytes: a token of 20,000 characters, a policy and tags, all
  /// with every escape that a form has.
  static let bodyByteLimit = 128 << 10

  let depot: Depot
  let keySets: KeySets
  private let verifier: SignatureVerifier

  /// Makes the service.
  ///
  /// - Parameters:
  ///   - depot: whose users and roles it knows.
  ///   - documents: the way to the documents of identity providers.
  package init(depot: Depot, documents: any IssuerDocuments) {
    self.depot = depot
    self.keySets = KeySets(documents: documents, clock: depot.clock)
    self.verifier = SignatureVerifier(
      region: depot.options.region,
      otherRegions: ["us-east-1"],
      services: ["sts"]
    )
  }

  /// Answers a call, or says what is wrong with it in the service's own form.
  package func respond(to request: Request) async -> Reply {
    request.trail.note { $0.service = .securityToken }
    do throws(TokenFault) {
      return try await answer(to: request)
    } catch {
      request.trail.note(error)
      return error.reply(to: request.id)
    }
  }

  private func answer(to request: Request) async throws(TokenFault) -> Reply {
    let body = try await Self.body(of: request)
    var input = try TokenInput(request, body: body)
    let action = try input.action()
    request.trail.note(action, input)
    let context = context(of: request)
    if action == .assumeRoleWithWebIdentity {
      // Nobody has signed: whoever tries one token after the other is one address.
      try limited { throttle throws(RepositoryError) in try throttle.admit(address: request.peer) }
      return action.reply(to: request.id, try await assumeWithWebIdentity(&input, context))
    }
    let caller = try await caller(of: request, body: body)
    request.trail.note(caller)
    try limited { throttle throws(RepositoryError) in
      try throttle.admit(account: caller.account, event: action.rawValue, isReadOnly: true)
    }
    let result: TokenResult =
      switch action {
      case .assumeRole: try await assume(&input, by: caller, context)
      case .assumeRoleWithWebIdentity, .getCallerIdentity: Self.identity(of: caller)
      case .getAccessKeyInfo: try await keyInfo(&input)
      case .getSessionToken: try await sessionToken(&input, for: caller)
      }
    return action.reply(to: request.id, result)
  }

  /// Holds a caller to its rate, where there is one; a call here counts as one that reads.
  private func limited(
    _ admit: (Throttle) throws(RepositoryError) -> Void
  ) throws(TokenFault) {
    guard let throttle = depot.throttle else { return }
    do throws(RepositoryError) { try admit(throttle) } catch { throw TokenFault(error) }
  }

  private func caller(
    of request: Request,
    body: [UInt8]
  ) async throws(TokenFault) -> Principal {
    let signed = SignableRequest(
      method: request.method.rawValue,
      rawPath: request.target.rawPath,
      rawQuery: request.target.rawQuery,
      headers: request.headers.map { .init($0.name.rawName, $0.value) }
    )
    let now = SigningTime(secondsSinceEpoch: depot.clock.now().microseconds / 1_000_000)
    let claim: SignatureClaim
    do throws(SignatureError) {
      claim = try verifier.claim(of: signed, now: now)
    } catch {
      throw TokenFault(error)
    }
    let caller = try await depotCall { () throws(RepositoryError) in
      try await depot.caller(
        behind: claim,
        of: signed,
        body: PayloadHash.sha256(body),
        verifier: verifier
      )
    }
    do throws(SignatureError) {
      return try caller.get()
    } catch {
      throw TokenFault(error)
    }
  }

  private func context(of request: Request) -> AccessContext {
    AccessContext(
      sourceAddress: request.peer.isEmpty ? nil : request.peer,
      userAgent: request.headers[.userAgent],
      isSecure: request.base.hasPrefix("https:"),
      microseconds: depot.clock.now().microseconds
    ).adding("aws:RequestedRegion", depot.options.region)
  }

  private static func body(of request: Request) async throws(TokenFault) -> [UInt8] {
    do {
      return try await request.body.collect(upTo: bodyByteLimit)
    } catch let error as BodyTooLong {
      throw TokenFault(
        .contentTooLarge,
        "RequestEntityTooLarge",
        "The request's body is longer than \(error.limit) bytes."
      )
    } catch {
      throw .invalid("The connection broke before the request's body was whole.")
    }
  }
}

/// Asks the depot, and turns its failure into the service's.
func depotCall<Value: Sendable>(
  _ work: () async throws(RepositoryError) -> Value
) async throws(TokenFault) -> Value {
  do throws(RepositoryError) {
    return try await work()
  } catch {
    throw TokenFault(error)
  }
}
