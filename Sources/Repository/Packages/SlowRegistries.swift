internal import Catalog
internal import Synchronization

/// The registries that lately took longer to answer than anybody is held up for an answer that is
/// at hand, though older than it should be.
///
/// Without it each document costs that wait anew: an installation of 118 packages over 15
/// connections would be held up eight times.
final class SlowRegistries: Sendable {
  private struct State {
    var slow: Set<ExternalConnection> = []
    var told: [ExternalConnection: Timestamp] = [:]
  }

  /// How long nothing more is said of a registry that is slow by turns.
  private static let silence = Duration.seconds(60)
  private let state = Mutex(State())

  func contains(_ connection: ExternalConnection) -> Bool {
    state.withLock { $0.slow.contains(connection) }
  }

  /// Takes in that an answer did not come in time; returns whether that is to be told.
  func add(_ connection: ExternalConnection, at now: Timestamp) -> Bool {
    state.withLock { state in
      guard state.slow.insert(connection).inserted else { return false }
      if let told = state.told[connection], now - told < Self.silence { return false }
      state.told[connection] = now
      return true
    }
  }

  /// Takes in that an answer came in time.
  func remove(_ connection: ExternalConnection) {
    _ = state.withLock { $0.slow.remove(connection) }
  }
}
