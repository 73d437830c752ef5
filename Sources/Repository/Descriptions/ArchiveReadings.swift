internal import BlobEngine
internal import Bytes
internal import Catalog
internal import FormatRules
internal import Synchronization

/// What published files themselves say of their versions, where rows do not say it.
///
/// A file never changes under its digest, so what was read once is remembered; any number of
/// callers who ask for the same file at the same time cause one reading.
final class ArchiveReadings: Sendable {
  /// What of a file is read: finding a readme may take walking through all of it.
  enum Part: Hashable, Sendable {
    case facts
    case readme
  }

  private struct Key: Hashable {
    let digest: SHA256Digest
    let name: String
    let part: Part
    let domain: DomainID
  }

  /// How many bytes of text are remembered.
  private static let budget = 16 << 20

  private let scopes: DomainScopes
  private let known = Mutex(TwoGenerationCache<Key, VersionDescription>(budget: budget))
  private let readings = Joined<Key, VersionDescription>()

  init(scopes: DomainScopes) {
    self.scopes = scopes
  }

  /// Returns what a file of a version of `format` says; empty where it cannot be read as what it
  /// should be.
  func description(
    in asset: AssetRecord,
    of format: PackageFormat,
    _ part: Part,
    in domain: DomainID
  ) async throws(RepositoryError) -> VersionDescription {
    let key = Key(digest: asset.digests.sha256, name: asset.name, part: part, domain: domain)
    if let description = known.withLock({ $0.value(for: key) }) { return description }
    return try await readings.value(for: key) { () async throws(RepositoryError) in
      let description = try await self.read(asset, format, part, in: domain)
      let cost = 256 + description.row.storedText.utf8.count
      self.known.withLock { $0.insert(description, for: key, cost: cost) }
      return description
    }
  }

  private func read(
    _ asset: AssetRecord,
    _ format: PackageFormat,
    _ part: Part,
    in domain: DomainID
  ) async throws(RepositoryError) -> VersionDescription {
    let reader = ArchiveReader(asset: asset, blobs: try await scopes.scope(of: domain))
    do {
      switch part {
      case .facts: return try await reader.facts(of: format)
      case .readme:
        var description = VersionDescription()
        description.readme = VersionDescription.item(try await reader.readme(of: format))
        return description
      }
    } catch is MalformedInput {
      // A file that came from outside may be anything; it is served, and says nothing.
      return VersionDescription()
    } catch let error as EngineError {
      throw RepositoryError(reading: asset.digests.sha256, failed: error)
    } catch {
      throw RepositoryError(
        .internalFailure,
        "Reading \(asset.name) failed: \(error)",
        cause: error
      )
    }
  }
}
