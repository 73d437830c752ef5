import Synchronization

/// What several callers did with one blob, each operation with the instants before and after it.
final class History: Sendable {
  struct Entry: Sendable, CustomStringConvertible {
    let operation: BlobOperation
    let asked: Int
    let answered: Int

    var description: String { "\(asked)–\(answered): \(operation)" }
  }

  private let clock: Atomic<Int> = Atomic(0)
  private let entries = Mutex<[Entry]>([])

  /// Does something and notes it.
  func note(_ perform: () async throws -> BlobOperation) async rethrows {
    let asked = tick()
    let operation = try await perform()
    let answered = tick()
    entries.withLock {
      $0.append(Entry(operation: operation, asked: asked, answered: answered))
    }
  }

  private func tick() -> Int {
    clock.add(1, ordering: .sequentiallyConsistent).newValue
  }

  /// Everything noted so far, in the order of the answers.
  var noted: [Entry] { entries.withLock { $0.sorted { $0.answered < $1.answered } } }
}
