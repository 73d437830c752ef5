internal import Synchronization

/// The last serial of every domain, in memory, and those who want to hear of the next.
///
/// Written by the writer's thread only, after each commit.
final class JournalSerials: Sendable {
  private struct State {
    var serials: [DomainID: Int64]
    var observers: [@Sendable ([JournalEntry]) -> Void] = []
  }

  private let state: Mutex<State>

  init(_ known: [(id: DomainID, serial: Int64)]) {
    let serials = Dictionary(known.map { ($0.id, $0.serial) }) { max($0, $1) }
    self.state = Mutex(State(serials: serials))
  }

  func serial(of domain: DomainID) -> Int64? {
    state.withLock { $0.serials[domain] }
  }

  func observe(_ observer: @escaping @Sendable ([JournalEntry]) -> Void) {
    state.withLock { $0.observers.append(observer) }
  }

  /// Makes committed changes known: to observers first, so that whoever sees a serial finds memory
  /// that knows of it.
  func publish(_ entries: [JournalEntry]) {
    guard !entries.isEmpty else { return }
    for observer in state.withLock(\.observers) { observer(entries) }
    state.withLock { state in
      for entry in entries { state.serials[entry.domainID] = entry.serial }
    }
  }
}
