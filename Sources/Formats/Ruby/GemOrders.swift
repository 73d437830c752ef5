import FormatRules
import Repository
import Synchronization

/// In which order each repository's list of all gems has shown the lines of a public registry and
/// its own, so that the list only grows at its end; kept over a restart.
final class GemOrders: Sendable {
  private static let noteName = "ruby versions order"
  /// Of how many repositories the order is in memory.
  private static let mostOrders = 256

  private let depot: Depot
  private let orders = Mutex<[RepositoryPath: GemHistoryOrder]>([:])

  init(depot: Depot) {
    self.depot = depot
  }

  /// The order in which to show all lines of `registry` and ours up to `newest`.
  func order(
    of path: RepositoryPath,
    showing registry: [UInt8],
    newest: Int64
  ) async -> GemHistoryOrder {
    let isInMemory = orders.withLock { $0[path] != nil }
    let kept = if isInMemory { nil as GemHistoryOrder? } else { await keptOrder(of: path) }
    let (order, isNew) = orders.withLock { orders in
      let former = orders[path] ?? kept
      var order = former ?? GemHistoryOrder()
      order.note(registry, newest: newest)
      if orders.count >= Self.mostOrders { orders = [:] }
      orders[path] = order
      return (order, order != former)
    }
    guard isNew else { return order }
    var writer = JSONWriter()
    writer.value(order.json)
    await depot.keepNote(writer.bytes, as: Self.noteName, in: path)
    return order
  }

  private func keptOrder(of path: RepositoryPath) async -> GemHistoryOrder? {
    guard let note = await depot.keptNote(Self.noteName, in: path),
      let value = try? JSONReader.read(note)
    else { return nil }
    return GemHistoryOrder(value)
  }
}
