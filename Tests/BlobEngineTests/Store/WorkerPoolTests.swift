import Testing

@testable import BlobEngine

@Suite("Workers")
struct WorkerPoolTests {
  @Test func `every piece of work is done once, here or there`() async throws {
    let pool = try WorkerPool()
    let results = await withTaskGroup(of: Int.self) { group in
      for number in 0..<500 {
        group.addTask { await pool.run(over: number % 2 == 0 ? 1 << 20 : 1) { number } }
      }
      return await group.reduce(into: Set<Int>()) { $0.insert($1) }
    }
    #expect(results == Set(0..<500))
  }

  @Test func `work that was handed over is done although the pool is let go`() async throws {
    var pool: WorkerPool? = try WorkerPool()
    async let answer = pool?.run(over: 1 << 20) { 42 }
    #expect(await answer == 42)
    pool = nil
  }
}
