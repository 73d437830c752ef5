package import BlobEngine
package import Bytes
import Catalog
import Foundation
import Repository
import Upstream

/// A data directory and what an operator may ask of it without a server.
package struct StoredData: Sendable {
  private let path: String
  private var catalog: String { path + "/catalog.sqlite" }

  /// - Parameter path: the data directory.
  package init(path: String) {
    self.path = path
  }

  /// Whether there is a catalog that says who refers to what.
  package var hasCatalog: Bool { FileManager.default.fileExists(atPath: catalog) }

  /// Deletes from the store what nothing has referred to for longer than `deletionDelay`, and says
  /// in a line what was done.
  package func sweep(
    _ store: BlobStore,
    deletionDelay: Duration
  ) async throws -> String {
    try await withCatalog { catalog in
      let sweep = BlobSweep(
        catalog: catalog,
        blobs: store,
        clock: SystemClock(),
        rules: SweepRules(deletionDelay: deletionDelay)
      )
      return try await sweep.run().description
    }
  }

  /// Says why a blob is alive, or when its bytes return, a sentence a fact; and what the store
  /// calls it.
  ///
  /// - Parameters:
  ///   - key: the SHA-256 of the blob's bytes.
  ///   - deletionDelay: the server's own.
  ///   - masterKeys: where the master keys are, as `larder serve` is told; none: beside the data.
  /// - Returns: the sentences, and the store's names for the blob.
  /// - Throws: what the catalog refused.
  package func explanation(
    of key: SHA256Digest,
    deletionDelay: Duration,
    masterKeys: [String]
  ) async throws -> (lines: [String], storedNames: [SHA256Digest]) {
    try await withCatalog { catalog in
      let sealed = await domainKeys(catalog, masterKeys)
      let explanation = try await BlobExplanation(
        of: key,
        sealedNames: sealed.keys.compactMap { try? $0.name(of: key) },
        in: catalog,
        rules: SweepRules(deletionDelay: deletionDelay)
      ) { time in
        Date(timeIntervalSince1970: time.seconds.rounded(.down)).formatted(.iso8601)
      }
      return (explanation.lines + sealed.gaps, explanation.storedNames)
    }
  }

  /// Unwraps the keys of all domains, for work on the store without a server.
  ///
  /// - Parameter masterKeys: where the master keys are, as above.
  /// - Returns: the keys, and a sentence for each that cannot be had.
  /// - Throws: what the catalog refused.
  package func domainKeys(
    masterKeys: [String]
  ) async throws -> (keys: [DataKey], gaps: [String]) {
    try await withCatalog { catalog in await domainKeys(catalog, masterKeys) }
  }

  private func domainKeys(
    _ catalog: Catalog,
    _ masterKeys: [String]
  ) async -> (keys: [DataKey], gaps: [String]) {
    do {
      // Without a domain that has a key nobody needs a master key, and none is made here.
      guard try await catalog.withSnapshot({ try !$0.keys(limit: 1).isEmpty }) else {
        return ([], [])
      }
      let data = try DataDirectory(path: path)
      let ring = try await MasterKeyRing(
        masterKeys.map { try MasterKeySetting($0) },
        in: data,
        catalog
      )
      let keys: Result<DomainKeys, any Error>
      do { keys = .success(try await DomainKeys(in: catalog, ring.keys)) } catch {
        keys = .failure(error)
      }
      await ring.shutdown()
      let found = try keys.get()
      return (found.keys, found.gaps)
    } catch {
      return ([], ["The keys of domains cannot be had: \(error)"])
    }
  }

  private func withCatalog<Value>(
    _ body: (Catalog) async throws -> Value
  ) async throws -> Value {
    let catalog = try Catalog.open(at: catalog)
    do {
      let value = try await body(catalog)
      try await catalog.close()
      return value
    } catch {
      try? await catalog.close()
      throw error
    }
  }
}
