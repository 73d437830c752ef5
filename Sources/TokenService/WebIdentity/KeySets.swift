import Catalog
import FormatRules
import HTTPTypes
import Repository

/// The way to the documents of identity providers.
package protocol IssuerDocuments: Sendable {
  /// Returns the document at an address: a small one, in a short time, without following anywhere
  /// else.
  func document(at address: String) async throws -> [UInt8]
}

/// The keys of identity providers: pinned ones, or fetched ones that are kept for a while.
///
/// Only providers that an account was told to believe are ever asked, so that a token of a stranger
/// makes the server visit no address of the stranger's choice.
actor KeySets {
  private struct Kept {
    var keys: [WebKey]
    var fetchedAt: Timestamp
  }

  /// How long keys are good without asking again.
  private static let freshness = Duration.seconds(3600)
  /// How soon a provider is asked again because a token names a key that is not known, or because
  /// it did not answer: issuers change keys, and strangers make names up.
  private static let pause = Duration.seconds(30)
  private static let capacity = 1000

  private let documents: any IssuerDocuments
  private let clock: any DepotClock
  private var kept: [OIDCProviderRecord: Kept] = [:]
  private var asked: [OIDCProviderRecord: Timestamp] = [:]
  private var visits: [OIDCProviderRecord: Task<[WebKey], any Error>] = [:]

  init(documents: any IssuerDocuments, clock: any DepotClock) {
    self.documents = documents
    self.clock = clock
  }

  /// Returns the keys that may have signed a token: the one that it names or, where it names none,
  /// all.
  ///
  /// - Throws: ``TokenFault`` with `IDPCommunicationError` when the provider does not answer with
  ///   keys, `InvalidIdentityToken` when none is named so.
  func keys(
    of provider: OIDCProviderRecord,
    named id: String?
  ) async throws(TokenFault) -> [WebKey] {
    if let keySet = provider.keySet {
      return try Self.choose(id, of: WebKey.set(Array(keySet.utf8)) ?? [])
    }
    let now = clock.now()
    let known = kept[provider].flatMap { $0.fetchedAt + Self.freshness > now ? $0 : nil }
    if let known, let chosen = try? Self.choose(id, of: known.keys) { return chosen }
    if let last = asked[provider], last + Self.pause > now, visits[provider] == nil {
      guard let known else { throw Self.unreachable(provider, "it did not answer a moment ago") }
      return try Self.choose(id, of: known.keys)
    }
    return try Self.choose(id, of: try await fetch(provider, now))
  }

  private static func choose(_ id: String?, of keys: [WebKey]) throws(TokenFault) -> [WebKey] {
    guard let id else { return keys }
    let chosen = keys.filter { $0.id == id }
    guard !chosen.isEmpty else {
      throw .badToken("The identity provider has no key \(id.prefix(100)) that is believed here.")
    }
    return chosen
  }

  /// One visit at a time, however many tokens wait for it.
  private func fetch(
    _ provider: OIDCProviderRecord,
    _ now: Timestamp
  ) async throws(TokenFault) -> [WebKey] {
    let visit =
      visits[provider]
      ?? Task { [documents] in try await Self.visit(provider, documents) }
    visits[provider] = visit
    if asked.count >= Self.capacity { asked = [:] }
    asked[provider] = now
    do {
      let keys = try await visit.value
      if visits[provider] == visit { visits[provider] = nil }
      if kept.count >= Self.capacity { kept = [:] }
      kept[provider] = Kept(keys: keys, fetchedAt: now)
      return keys
    } catch {
      if visits[provider] == visit { visits[provider] = nil }
      throw Self.unreachable(provider, "\(error)")
    }
  }

  /// Asks for the keys where the provider says they are (OpenID Connect Discovery 1.0 section 4).
  private static func visit(
    _ provider: OIDCProviderRecord,
    _ documents: any IssuerDocuments
  ) async throws -> [WebKey] {
    var address = provider.keyAddress
    if address == nil {
      let place = provider.issuer + "/.well-known/openid-configuration"
      let found = try JSONReader.read(try await documents.document(at: place))
      guard let issuer = found["issuer"]?.string, let keys = found["jwks_uri"]?.string,
        issuer == provider.issuer || issuer == provider.issuer + "/"
      else { throw UnusableIssuer(reason: "\(place) is no configuration of \(provider.issuer)") }
      // What an https issuer says must not be had in clear text.
      guard keys.hasPrefix("https://") || provider.issuer.hasPrefix("http://") else {
        throw UnusableIssuer(reason: "\(place) has its keys at an address that is not https")
      }
      address = keys
    }
    let place = address ?? ""
    guard let keys = WebKey.set(try await documents.document(at: place)), !keys.isEmpty else {
      throw UnusableIssuer(reason: "\(place) is no set of keys that can be used")
    }
    return keys
  }

  private static func unreachable(
    _ provider: OIDCProviderRecord,
    _ reason: String
  ) -> TokenFault {
    TokenFault(
      .badRequest,
      "IDPCommunicationError",
      "The identity provider \(provider.issuer) could not be asked for its keys; try again.",
      details: "identity provider \(provider.issuer): \(reason)"
    )
  }
}

/// What an identity provider publishes makes no sense.
struct UnusableIssuer: Error, CustomStringConvertible {
  let reason: String
  var description: String { reason }
}
