internal import Access
package import BlobEngine
package import Catalog

/// Everything that can be done with repositories, whoever asks and by whatever protocol.
///
/// The control part (folder `Control`) is rows only: domains, repositories, principals, tokens,
/// listings. The content part (folder `Content`) keeps rows and blobs in step: it publishes,
/// resolves through upstreams and fetches from outside. Neither asks who the caller is; a door does
/// that first.
package final class Depot: Sendable {
  package let catalog: Catalog
  package let options: DepotOptions
  package let clock: any DepotClock
  /// Nil where no rates are set.
  package let throttle: Throttle?
  let keys: DepotKeys
  let credentials: CredentialCache
  let policies: PolicyCache
  let content: ContentState
  let scopes: DomainScopes

  /// Makes a depot over an open catalog and an open blob store.
  ///
  /// - Parameters:
  ///   - catalog: whose rows it reads and writes.
  ///   - blobs: where the bytes are.
  ///   - external: the way out to public registries.
  ///   - clock: what rows are stamped with.
  ///   - masterKey: 32 random bytes, kept outside the catalog: what is sealed in the catalog cannot
  ///     be opened without them.
  ///   - masterKeys: what wraps the keys of domains; where there are none, domains have no keys,
  ///     and their blobs are not encrypted.
  ///   - options: the region, the quotas.
  ///   - contentOptions: how long things are good for, how long is waited, how much is held.
  ///   - formats: how public registries are read, one for each format that has any but PyPI.
  /// - Throws: ``RepositoryError`` with `internalFailure` when the key is of another size.
  package init(
    catalog: Catalog,
    blobs: BlobStore,
    external: any ExternalSource,
    clock: any DepotClock,
    masterKey: [UInt8],
    masterKeys: MasterKeys = MasterKeys([]),
    options: DepotOptions,
    contentOptions: ContentOptions = ContentOptions(),
    formats: [any ExternalFormat] = []
  ) throws(RepositoryError) {
    self.catalog = catalog
    self.clock = clock
    self.options = options
    self.throttle = Throttle(options.throttle, clock: clock)
    self.keys = try DepotKeys(masterKey: masterKey)
    self.credentials = CredentialCache()
    self.policies = PolicyCache()
    let scopes = DomainScopes(catalog: catalog, blobs: blobs, masterKeys: masterKeys)
    self.scopes = scopes
    self.content = ContentState(
      catalog: catalog,
      scopes: scopes,
      external: external,
      clock: clock,
      options: contentOptions,
      quotas: options.quotas,
      formats: formats
    )
    blobs.useKeys { [weak scopes] in await scopes?.allKeys() ?? [] }
    catalog.nameBlobs { [scopes] domain, blob in scopes.name(of: blob, in: domain) }
    catalog.observe { [credentials, policies, scopes] entries in
      policies.follow(entries.lazy.map(\.kind))
      // Its tokens went with the domain.
      if entries.contains(where: { $0.kind == .domainDeleted }) { credentials.forgetAll() }
      for entry in entries where entry.kind == .domainDeleted { scopes.forget(entry.domainID) }
    }
  }

  /// Asks the catalog, in the errors of this layer.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (CatalogSnapshot) throws -> Value
  ) async throws(RepositoryError) -> Value {
    do {
      return try await catalog.withSnapshot(body)
    } catch {
      throw RepositoryError.translating(error)
    }
  }

  /// Changes the catalog, in the errors of this layer; when `body` throws, nothing is kept.
  func write<Value: Sendable>(
    _ body: @escaping @Sendable (CatalogTransaction) throws -> Value
  ) async throws(RepositoryError) -> Value {
    do {
      return try await catalog.withTransaction(body)
    } catch {
      throw RepositoryError.translating(error)
    }
  }
}

extension RepositoryError {
  /// Gives a failure of the catalog its meaning, and passes on what has one.
  static func translating(_ error: any Error) -> RepositoryError {
    switch error {
    case let error as RepositoryError: error
    case CatalogError.full:
      RepositoryError(
        .storageFull,
        "There is no room left to write to the catalog; free space and try again.",
        cause: error
      )
    case CatalogError.busy:
      RepositoryError(
        .internalFailure,
        String(describing: error),
        retryAfter: .seconds(5),
        cause: error
      )
    default: RepositoryError(.internalFailure, String(describing: error), cause: error)
    }
  }
}
