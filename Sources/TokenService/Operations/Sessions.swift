import Access
import Catalog
import HTTPTypes
import Repository

extension TokenService {
  /// What every role may be taken on for when nothing is asked, in seconds.
  static let standardSeconds: Int64 = 3600
  /// How long a role lasts that was taken on by another role's session.
  private static let chainedSeconds: Int64 = 3600
  /// How many characters a session's policy may have.
  private static let policyLimit = 2048

  /// `AssumeRole`.
  func assume(
    _ input: inout TokenInput,
    by caller: Principal,
    _ context: AccessContext
  ) async throws(TokenFault) -> TokenResult {
    let arn = try input.required("RoleArn", 20...2048)
    let name = try input.sessionName()
    let seconds = try input.seconds(900...43_200, default: Self.standardSeconds)
    let externalID = try input.optional("ExternalId", 2...1224)
    let policy = try sessionPolicy(input)
    let tags = try input.tags()
    try input.refuse(
      "PolicyArns",
      "ProvidedContexts",
      "SerialNumber",
      "SourceIdentity",
      "TokenCode",
      "TransitiveTagKeys"
    )
    var context = context.adding("sts:RoleSessionName", name)
    if let externalID { context = context.adding("sts:ExternalId", externalID) }
    context.requestTags = tags.mapValues { $0 }
    let role = try await role(arn)
    for action in tags.isEmpty ? ["sts:AssumeRole"] : ["sts:AssumeRole", "sts:TagSession"] {
      let request = AccessRequest(
        principal: caller,
        action: action,
        resources: [arn],
        context: context
      )
      guard let role, try await mayTakeOn(role, request) else {
        throw .denied(
          "User: \(caller.arn) is not authorized to perform: \(action) on resource: \(arn)"
        )
      }
    }
    guard let role else { throw .denied("There is no role \(arn).") }
    try Self.check(seconds, of: role, isChained: caller.kind == .assumedRole)
    var wish = SessionWish(name: name, duration: seconds)
    wish.policy = policy
    wish.tags = tags
    wish.parentKeyID = caller.session.map(\.parentKeyID) ?? caller.accessKeyID
    return try Self.result(of: issue(wish, of: role))
  }

  /// `GetSessionToken`: temporary credentials of a user, good while the key that asks is.
  func sessionToken(
    _ input: inout TokenInput,
    for caller: Principal
  ) async throws(TokenFault) -> TokenResult {
    let seconds = try input.seconds(900...129_600, default: 43_200)
    try input.refuse("SerialNumber", "TokenCode")
    guard caller.session == nil, caller.kind == .user else {
      throw .denied("Cannot call GetSessionToken with session credentials")
    }
    let record = try await depotCall { () throws(RepositoryError) in
      try await depot.principal(arn: caller.arn)
    }
    guard let record else { throw TokenFault(SignatureError.unknownAccessKey) }
    var wish = SessionWish(name: nil, duration: seconds)
    wish.parentKeyID = caller.accessKeyID
    var result = TokenResult()
    result.add(try issue(wish, of: record))
    return result
  }
}

extension TokenService {
  func role(_ arn: String) async throws(TokenFault) -> PrincipalRecord? {
    let record = try await depotCall { () throws(RepositoryError) in
      try await depot.principal(arn: arn)
    }
    return record?.kind == .role ? record : nil
  }

  func sessionPolicy(_ input: TokenInput) throws(TokenFault) -> String? {
    guard let text = try input.optional("Policy", 1...Self.policyLimit) else { return nil }
    do {
      _ = try PolicyDocument(text, kind: .identity)
      return text
    } catch {
      throw TokenFault(.badRequest, "MalformedPolicyDocument", error.message)
    }
  }

  func trust(in role: PrincipalRecord) throws(TokenFault) -> PolicyDocument {
    do {
      return try PolicyDocument(role.trustPolicy ?? "", kind: .trust)
    } catch {
      throw TokenFault(
        .internalServerError,
        "InternalFailure",
        "The trust policy of \(role.arn) cannot be read.",
        details: "the trust policy of \(role.arn): \(error.message)"
      )
    }
  }

  /// Whether a caller may take on a role.
  private func mayTakeOn(
    _ role: PrincipalRecord,
    _ request: AccessRequest
  ) async throws(TokenFault) -> Bool {
    let trust = try trust(in: role)
    return try await depotCall { () throws(RepositoryError) in
      try await depot.allows(request, with: trust, of: role.account)
    }
  }

  static func check(
    _ seconds: Int64,
    of role: PrincipalRecord,
    isChained: Bool = false
  ) throws(TokenFault) {
    guard seconds <= role.longestSession else {
      throw .invalid(
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
      )
    }
    guard !isChained || seconds <= chainedSeconds else {
      throw .invalid(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
          + "chaining."
      )
    }
  }

  func issue(_ wish: SessionWish, of record: PrincipalRecord) throws(TokenFault) -> IssuedSession {
    do throws(RepositoryError) {
      return try depot.issueSession(of: record, wish)
    } catch {
      throw TokenFault(error)
    }
  }

  static func result(of session: IssuedSession) -> TokenResult {
    var result = TokenResult()
    result.add(
      "AssumedRoleUser",
      [
        "AssumedRoleId": session.principal.userID, "Arn": session.principal.arn,
      ]
    )
    result.add(session)
    result.add("PackedPolicySize", String(session.packedPercentage))
    return result
  }
}

extension TokenResult {
  mutating func add(_ session: IssuedSession) {
    add(
      "Credentials",
      [
        "AccessKeyId": session.key.id,
        "SecretAccessKey": session.key.secret,
        "SessionToken": session.key.sessionToken ?? "",
        "Expiration": Self.time(session.expiresAt),
      ]
    )
  }

  /// The moment as `2026-01-02T03:04:05Z`.
  private static func time(_ seconds: Int64) -> String {
    let digits = Array(SigningTime(secondsSinceEpoch: seconds).text)
    func part(_ range: Range<Int>) -> String { String(digits[range]) }
    return "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T"
      + "\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z"
  }
}
