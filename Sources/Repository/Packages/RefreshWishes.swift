internal import Catalog
internal import Synchronization

/// Since when documents of registries count, where someone asked for them to be looked at anew.
///
/// Rows keep them over a restart; they are read once, when the first document is wanted.
final class RefreshWishes: Sendable {
  private struct Package: Hashable {
    let connection: ExternalConnection
    /// As coordinates are spelt.
    let name: String
  }

  private struct State {
    var isRead = false
    var count: UInt64 = 0
    var connections: [ExternalConnection: Timestamp] = [:]
    var packages = TwoGenerationCache<Package, Timestamp>(budget: RefreshWishes.packageLimit)
  }

  private static let packageLimit = 10_000

  private let catalog: Catalog
  private let state = Mutex(State())
  private let reading = Joined<Bool, Void>()

  init(catalog: Catalog) {
    self.catalog = catalog
  }

  /// Asks for what is behind some connections to be looked at anew: everything, or what is about
  /// one package.
  func add(
    _ coordinates: PackageCoordinates?,
    on connections: [ExternalConnection],
    at now: Timestamp
  ) async throws(RepositoryError) {
    let wishes = connections.map { connection in
      RefreshWish(connection: connection, package: coordinates?.description, wishedAt: now)
    }
    do {
      try await catalog.write { transaction throws(CatalogError) in
        for wish in wishes { try transaction.note(wish) }
      }
    } catch { throw RepositoryError(catalog: error) }
    state.withLock { state in
      state.count += 1
      for wish in wishes { Self.note(wish, in: &state) }
    }
  }

  /// How often something was wished for since the start.
  var count: UInt64 { state.withLock(\.count) }

  private static func note(_ wish: RefreshWish, in state: inout State) {
    guard let name = wish.package else {
      let known = state.connections[wish.connection] ?? wish.wishedAt
      state.connections[wish.connection] = max(known, wish.wishedAt)
      return
    }
    let package = Package(connection: wish.connection, name: name)
    let known = state.packages.value(for: package) ?? wish.wishedAt
    state.packages.insert(max(known, wish.wishedAt), for: package, cost: 1)
  }

  /// The moment before which no document counts: that of the request, or of the latest wish.
  func moment(
    _ coordinates: PackageCoordinates?,
    on connection: ExternalConnection,
    or notBefore: Timestamp?
  ) async -> Timestamp? {
    if !state.withLock(\.isRead) { await read() }
    return state.withLock { state in
      let package = coordinates.flatMap {
        state.packages.value(for: Package(connection: connection, name: $0.description))
      }
      return [notBefore, state.connections[connection], package].compactMap(\.self).max()
    }
  }

  /// Reads the rows, once for everyone; where that fails, whoever comes next tries again.
  private func read() async {
    try? await reading.value(for: true) { () async throws(RepositoryError) in
      let wishes: [RefreshWish]
      do throws(CatalogError) {
        wishes = try await self.catalog.read { snapshot throws(CatalogError) in
          try snapshot.refreshWishes(limit: Self.packageLimit)
        }
      } catch { throw RepositoryError(catalog: error) }
      self.state.withLock { state in
        for wish in wishes { Self.note(wish, in: &state) }
        state.isRead = true
      }
    }
  }
}
