package import Access
package import Bytes
internal import Catalog

extension Depot {
  /// How exactly the last use of a key is known.
  private static let useResolution = Duration.seconds(900)

  /// Returns who made a signed request, or why its signature is worth nothing.
  ///
  /// A caller that was here lately is known from memory: no SQL.
  ///
  /// - Parameters:
  ///   - claim: what the request says of its signature.
  ///   - request: what the signature covers.
  ///   - body: the SHA-256 of the body, or nil while it is still to come.
  ///   - verifier: whose rules the signature is held against.
  /// - Returns: the caller, or what is wrong with the signature.
  /// - Throws: ``RepositoryError`` when the catalog cannot say.
  package func caller(
    behind claim: SignatureClaim,
    of request: SignableRequest,
    body: SHA256Digest?,
    verifier: SignatureVerifier
  ) async throws(RepositoryError) -> Result<Principal, SignatureError> {
    let found: Result<RequestSignerIdentity, SignatureError>
    if let token = claim.sessionToken {
      found = try await signer(accessKeyID: claim.accessKeyID, sessionToken: token)
    } else {
      let signer = try await signer(accessKeyID: claim.accessKeyID)
      found = signer.map(Result.success) ?? .failure(.unknownAccessKey)
    }
    let identity: RequestSignerIdentity
    do throws(SignatureError) {
      identity = try found.get()
      try verifier.verify(claim, of: request, body: body, key: identity.key)
    } catch {
      return .failure(error)
    }
    if identity.principal.session == nil { noteUse(of: identity.key.id, claim.scope.service) }
    return .success(identity.principal)
  }

  /// Has the use of a key written down, unless that was done a short while ago.
  private func noteUse(of key: String, _ service: String) {
    let now = clock.now()
    guard credentials.shouldNoteUse(of: key, at: now, every: Self.useResolution) else { return }
    // Nobody waits for it, and what is lost is one note.
    Task { [catalog] in
      try? await catalog.write(durability: .relaxed) { transaction throws(CatalogError) in
        try transaction.noteUse(ofAccessKey: key, of: service, at: now)
      }
    }
  }
}
