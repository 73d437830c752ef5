import Disk

/// A few threads for what costs processor time: hashing, compression, decompression.
///
/// Work of more than `inlineByteLimit` bytes goes to them; less is done where it is asked for,
/// because waking another thread and coming back costs as much as hashing 25 KiB.
final class WorkerPool: Sendable {
  /// What is worth a trip to another thread, in bytes.
  static let inlineByteLimit = 64 << 10

  private struct Queue {
    var jobs: [@Sendable () -> Void] = []
    var next = 0
    var isClosed = false
  }

  private let queue = Monitor(Queue())

  /// Starts one thread less than there are processors, and two at least: the engine's own thread
  /// mostly waits, and with one worker the digests of a blob would wait for one another.
  init() throws(DiskError) {
    do throws(DiskError) {
      for number in 0..<max(2, Processors.count - 1) {
        let queue = queue
        try PlainThread(named: "larder-work-\(number)") {
          while let job = Self.next(queue) { job() }
        }.detach()
      }
    } catch {
      close()
      throw error
    }
  }

  deinit {
    close()
  }

  /// Returns what `work` returns, done here or on a thread of the pool.
  func run<Value: Sendable>(
    over byteCount: Int,
    _ work: @escaping @Sendable () -> Value
  ) async -> Value {
    guard byteCount > Self.inlineByteLimit else { return work() }
    return await withCheckedContinuation { continuation in
      post { continuation.resume(returning: work()) }
    }
  }

  /// Leaves work for a thread of the pool, behind what was left there before.
  func post(_ job: @escaping @Sendable () -> Void) {
    queue.withLock { $0.jobs.append(job) }
    queue.signal()
  }

  /// Lets the threads end once nothing is left to do.
  private func close() {
    queue.withLock { $0.isClosed = true }
    queue.broadcast()
  }

  private static func next(_ queue: Monitor<Queue>) -> (@Sendable () -> Void)? {
    queue.wait { queue -> (@Sendable () -> Void)?? in
      guard queue.next < queue.jobs.count else { return queue.isClosed ? .some(nil) : nil }
      defer {
        queue.next += 1
        if queue.next == queue.jobs.count {
          queue.jobs.removeAll(keepingCapacity: true)
          queue.next = 0
        }
      }
      return queue.jobs[queue.next]
    }
  }
}
