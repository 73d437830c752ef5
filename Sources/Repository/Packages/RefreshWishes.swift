internal import Catalog
internal import Synchronization

/// Since when documents of registries count, where someone asked for them to be looked at anew.
///
/// Kept in memory: after a restart a document is asked for again when it has aged.
final class RefreshWishes: Sendable {
  private struct Package: Hashable {
    let connection: ExternalConnection
    let coordinates: PackageCoordinates
  }

  private struct State {
    var connections: [ExternalConnection: Timestamp] = [:]
    var packages = TwoGenerationCache<Package, Timestamp>(budget: 10_000)
  }

  private let state = Mutex(State())

  /// Asks for everything behind `connection`, or what is about one package, to be looked at anew.
  func add(_ coordinates: PackageCoordinates?, on connection: ExternalConnection, at now: Timestamp)
  {
    state.withLock { state in
      guard let coordinates else {
        state.connections[connection] = now
        return
      }
      let package = Package(connection: connection, coordinates: coordinates)
      state.packages.insert(now, for: package, cost: 1)
    }
  }

  /// The moment before which no document counts: that of the request, or of the latest wish.
  func moment(
    _ coordinates: PackageCoordinates?,
    on connection: ExternalConnection,
    or notBefore: Timestamp?
  ) -> Timestamp? {
    state.withLock { state in
      let package = coordinates.flatMap {
        state.packages.value(for: Package(connection: connection, coordinates: $0))
      }
      return [notBefore, state.connections[connection], package].compactMap(\.self).max()
    }
  }
}
