internal import Synchronization

/// How many rows statements have yielded: what requests cost, in a measure that no other load on
/// the machine changes.
final class RowTally: Sendable {
  private let rows = Atomic<Int>(0)

  var count: Int { rows.load(ordering: .relaxed) }

  func add(_ count: Int) {
    rows.wrappingAdd(count, ordering: .relaxed)
  }
}
