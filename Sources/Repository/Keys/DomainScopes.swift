internal import BlobEngine
internal import Bytes
internal import Catalog
internal import Synchronization

/// Where the blobs of each domain are: in a scope of the domain's own key, or in the plain part of
/// the store for domains that were made before there were keys, and for documents of public
/// registries.
///
/// A key is unwrapped once and held in memory until its domain is deleted.
final class DomainScopes: Sendable {
  private enum Entry {
    case plain
    case sealed(DataKey)
  }

  private let catalog: Catalog
  private let blobs: BlobStore
  private let masterKeys: MasterKeys
  private let entries = Mutex<[DomainID: Entry]>([:])
  /// Whose keys are wiped: what is being loaded meanwhile is not to stay.
  private let forgotten = Mutex<Set<DomainID>>([])
  private let unwrappings = Joined<DomainID, BlobScope>()

  init(catalog: Catalog, blobs: BlobStore, masterKeys: MasterKeys) {
    self.catalog = catalog
    self.blobs = blobs
    self.masterKeys = masterKeys
  }

  /// The part of the store that is nobody's.
  var plain: BlobScope { blobs.plain }

  /// Returns where a domain's blobs are; nil stands for what is nobody's.
  ///
  /// - Throws: `notFound` for a domain that is gone, `internalFailure` when its key cannot be had.
  func scope(of domain: DomainID?) async throws(RepositoryError) -> BlobScope {
    guard let domain else { return plain }
    if let scope = known(domain) { return scope }
    return try await unwrappings.value(for: domain) { () async throws(RepositoryError) in
      try await self.load(domain)
    }
  }

  private func known(_ domain: DomainID) -> BlobScope? {
    switch entries.withLock({ $0[domain] }) {
    case .plain: blobs.plain
    case .sealed(let key): blobs.scoped(by: key)
    case nil: nil
    }
  }

  /// The keys of all domains that can be had now, for work that goes through all blobs.
  ///
  /// They are held as those of domains in use are, so that a domain that is deleted takes its key
  /// away from whoever works with it. What cannot be unwrapped is left out: nobody waits for it.
  func allKeys() async -> [DataKey] {
    let keys = Mutex<[DataKey]>([])
    // What was found before the catalog failed is better than nothing.
    try? await catalog.forEachDomainKey { _, domain in
      guard (try? await scope(of: domain.id)) != nil else { return }
      if case .sealed(let key) = entries.withLock({ $0[domain.id] }) {
        keys.withLock { $0.append(key) }
      }
    }
    return keys.withLock { $0 }
  }

  /// What the store calls a domain's blob, as far as that can be told at once.
  func name(of blob: SHA256Digest, in domain: DomainID) -> StoredBlobName {
    switch entries.withLock({ $0[domain] }) {
    case .plain: return .digest
    case .sealed(let key):
      guard let name = try? key.name(of: blob) else { return .unknown }
      return .other(name)
    case nil: return .unknown
    }
  }

  private func load(_ domain: DomainID) async throws(RepositoryError) -> BlobScope {
    let found: (DomainRecord, DomainKeyRecord?)?
    do {
      found = try await catalog.withSnapshot { snapshot in
        guard let record = try snapshot.domain(domain), record.status == .active else {
          return nil
        }
        return (record, try snapshot.key(of: domain))
      }
    } catch {
      throw RepositoryError.translating(error)
    }
    guard let (record, wrapped) = found else {
      throw RepositoryError(.notFound, "The domain of these bytes is gone.", resourceType: .domain)
    }
    guard let wrapped else {
      entries.withLock { $0[domain] = .plain }
      return blobs.plain
    }
    return try await unwrap(wrapped, of: record)
  }

  private func unwrap(
    _ wrapped: DomainKeyRecord,
    of domain: DomainRecord
  ) async throws(RepositoryError) -> BlobScope {
    let bytes: [UInt8]
    do throws(MasterKeyFailure) {
      bytes = try await masterKeys.unwrap(
        WrappedKey(master: wrapped.master, bytes: wrapped.wrapped),
        with: domain.encryptionKey,
        context: domain.keyContext
      )
    } catch {
      throw RepositoryError(reading: domain.name, failed: error)
    }
    guard let key = DataKey(bytes) else {
      throw RepositoryError(
        .internalFailure,
        "The key of domain \(domain.name) has \(bytes.count) bytes; restore the catalog."
      )
    }
    keep(key, of: domain.id)
    return blobs.scoped(by: key)
  }

  /// Makes the key of a domain that is about to be made.
  func makeKey(
    named name: String,
    context: String
  ) async throws(RepositoryError) -> (key: DataKey, wrapped: WrappedKey) {
    let bytes = RandomBytes.make(DataKey.byteCount)
    guard let key = DataKey(bytes) else {
      throw RepositoryError(.internalFailure, "A data key has another size than it should.")
    }
    do throws(MasterKeyFailure) {
      return (key, try await masterKeys.wrap(bytes, with: name, context: context))
    } catch {
      throw RepositoryError(making: context, failed: error)
    }
  }

  /// Whether domains get keys.
  var seals: Bool { !masterKeys.isEmpty }

  func keep(_ key: DataKey, of domain: DomainID) {
    entries.withLock { $0[domain] = .sealed(key) }
    if forgotten.withLock({ $0.contains(domain) }) { forget(domain) }
  }

  /// Wipes the key of a domain that was deleted.
  func forget(_ domain: DomainID) {
    forgotten.withLock { _ = $0.insert(domain) }
    let entry = entries.withLock { $0.removeValue(forKey: domain) }
    if case .sealed(let key) = entry { key.forget() }
  }
}

extension DomainRecord {
  /// What the domain's key is bound to: moved to another domain's row, it does not open.
  var keyContext: String { DomainRecord.keyContext(owner: owner, name: name) }

  static func keyContext(owner: String, name: String) -> String {
    "domain \(owner)/\(name)"
  }
}

extension RepositoryError {
  /// What it means for a caller that a domain's key cannot be unwrapped: no fault of its own.
  init(reading domain: String, failed failure: MasterKeyFailure) {
    self.init(
      .internalFailure,
      "The key of domain \(domain) cannot be had: \(failure.message)",
      retryAfter: failure.kind == .unavailable ? .seconds(5) : nil,
      cause: failure
    )
  }

  /// What it means for whoever makes a domain that its key cannot be wrapped.
  init(making domain: String, failed failure: MasterKeyFailure) {
    let message = "The key of \(domain) cannot be wrapped: \(failure.message)"
    guard failure.kind == .refused else {
      self.init(.internalFailure, message, retryAfter: .seconds(5), cause: failure)
      return
    }
    self.init(
      .validation,
      message,
      resourceType: .domain,
      reason: .encryptionKeyError,
      cause: failure
    )
  }
}
