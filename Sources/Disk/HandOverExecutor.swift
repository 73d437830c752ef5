/// Runs tasks wherever a function takes work: on the event loop that has a socket, say.
///
/// Here, since the runtime takes a reference to it that it does not count.
package final class HandOverExecutor: TaskExecutor {
  package typealias Work = @Sendable () -> Void

  private let handOver: @Sendable (@escaping Work) -> Void

  /// - Parameter handOver: takes work and runs it later, each once; what it takes is run one piece
  ///   at a time or many at once, as it likes.
  package init(_ handOver: @escaping @Sendable (@escaping Work) -> Void) {
    self.handOver = handOver
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    // The work holds the executor until the job has run.
    handOver { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
