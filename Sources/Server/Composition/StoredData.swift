package import BlobEngine
package import Bytes
import Catalog
import Foundation
import Repository
import Upstream

/// A data directory and what an operator may ask of it without a server.
package struct StoredData: Sendable {
  private let catalog: String

  /// - Parameter path: the data directory.
  package init(path: String) {
    catalog = path + "/catalog.sqlite"
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

  /// Says why a blob is alive, or when its bytes return: a sentence a fact.
  package func explanation(
    of key: SHA256Digest,
    deletionDelay: Duration
  ) async throws -> [String] {
    try await withCatalog { catalog in
      try await BlobExplanation(
        of: key,
        in: catalog,
        rules: SweepRules(deletionDelay: deletionDelay)
      ) { time in
        Date(timeIntervalSince1970: time.seconds.rounded(.down)).formatted(.iso8601)
      }.lines
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
