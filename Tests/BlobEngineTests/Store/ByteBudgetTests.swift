import Synchronization
import Testing

@testable import BlobEngine

@Suite("Bounded bytes")
struct ByteBudgetTests {
  /// Lets other tasks run until `condition` holds.
  private func settle(_ condition: () -> Bool) async {
    while !condition() { await Task.yield() }
  }

  @Test func `what is free is taken at once, and the limit is never passed`() async {
    let budget = ByteBudget(limit: 100)
    let held = Atomic(0)
    let most = Atomic(0)
    await withTaskGroup { group in
      for _ in 0..<200 {
        group.addTask {
          await budget.take(30)
          let now = held.add(30, ordering: .relaxed).newValue
          most.max(now, ordering: .relaxed)
          await Task.yield()
          held.subtract(30, ordering: .relaxed)
          budget.give(30)
        }
      }
    }
    #expect(most.load(ordering: .relaxed) == 90)
    #expect(held.load(ordering: .relaxed) == 0)
  }

  @Test func `a large request is not overtaken by small ones`() async {
    let budget = ByteBudget(limit: 10)
    let order = Mutex<[String]>([])
    await budget.take(5)
    async let large: Void = {
      await budget.take(10)
      order.withLock { $0.append("large") }
      budget.give(10)
    }()
    await settle { budget.waitingCount == 1 }
    async let small: Void = {
      await budget.take(1)
      order.withLock { $0.append("small") }
      budget.give(1)
    }()
    await settle { budget.waitingCount == 2 }
    budget.give(5)
    _ = await (large, small)
    #expect(order.withLock { $0 } == ["large", "small"])
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
