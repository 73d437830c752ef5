import Synchronization
import Testing

@testable import BlobEngine

/// The bytes that tasks hold, and the most they ever held.
private final class Tally: Sendable {
  private let state = Mutex((held: 0, most: 0))

  var held: Int { state.withLock { $0.held } }
  var most: Int { state.withLock { $0.most } }

  func add(_ byteCount: Int) {
    state.withLock { state in
      state.held += byteCount
      state.most = max(state.most, state.held)
    }
  }
}

private final class Order: Sendable {
  private let state = Mutex<[String]>([])

  var names: [String] { state.withLock { $0 } }

  func append(_ name: String) {
    state.withLock { $0.append(name) }
  }
}

@Suite("Bounded bytes")
struct ByteBudgetTests {
  /// Lets other tasks run until `condition` holds.
  private func settle(_ condition: () -> Bool) async {
    while !condition() { await Task.yield() }
  }

  @Test func `what is free is taken at once, and the limit is never passed`() async {
    let budget = ByteBudget(limit: 100)
    let tally = Tally()
    await withTaskGroup { group in
      for _ in 0..<200 {
        group.addTask {
          await budget.take(30)
          tally.add(30)
          await Task.yield()
          tally.add(-30)
          budget.give(30)
        }
      }
    }
    #expect(tally.most == 90)
    #expect(tally.held == 0)
  }

  @Test func `a large request is not overtaken by small ones`() async {
    let budget = ByteBudget(limit: 10)
    let order = Order()
    await budget.take(5)
    async let large: Void = {
      await budget.take(10)
      order.append("large")
      budget.give(10)
    }()
    await settle { budget.waitingCount == 1 }
    async let small: Void = {
      await budget.take(1)
      order.append("small")
      budget.give(1)
    }()
    await settle { budget.waitingCount == 2 }
    budget.give(5)
    _ = await (large, small)
    #expect(order.names == ["large", "small"])
  }

  @Test func `more than the limit counts as the limit`() async {
    let budget = ByteBudget(limit: 10)
    await budget.take(1_000)
    budget.give(1_000)
    await budget.take(10)
    budget.give(10)
  }

  @Test func `giving back what was not taken stops the program`() async {
    await #expect(processExitsWith: .failure) { ByteBudget(limit: 10).give(1) }
  }
}
