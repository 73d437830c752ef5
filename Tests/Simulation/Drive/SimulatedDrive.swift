import Disk

/// The device below a ``SimulatedDisk``: one medium, a queue of requests, a clock of its own, and a
/// plug that can be pulled.
///
/// A class, because the test that gave a disk to the engine keeps its hand on the drive.
/// Deterministic: equal seeds and equal requests give equal completions. One thread only.
package final class SimulatedDrive {
  /// The platters as they are now.
  package var medium: SimulatedMedium
  /// What will go wrong.
  package var faults: FaultPlan
  /// The bytes that files may take up together before a create is refused with ENOSPC.
  package var capacity: UInt64 = .max
  /// How many requests were submitted: each is an effect of the engine, and the instant after it
  /// a point to crash at.
  package private(set) var effectCount = 0
  /// How many requests were hit by a fault.
  package private(set) var faultCount = 0
  /// The power goes right after the effect with this number; nil: it stays on.
  package var powerLastsFor: Int?
  /// Called right after each effect was submitted, at an instant at which a crash may come.
  package var onEffect: (() -> Void)?
  /// Whether the power is gone: what is submitted is dropped, and nothing completes any more.
  package private(set) var isOff = false
  /// The virtual time that has passed.
  package private(set) var now: Duration = .zero
  let waker = SimulatedWaker()

  private var queue: [SimulatedRequest] = []
  var generator: SeededGenerator

  package init(
    medium: SimulatedMedium = SimulatedMedium(),
    seed: UInt64,
    faults: FaultPlan = FaultPlan()
  ) {
    self.medium = medium
    self.faults = faults
    self.generator = SeededGenerator(seed: seed)
  }

  /// Whether nothing is under way that will end by itself.
  package var isQuiet: Bool {
    isOff || !queue.contains { $0.due != nil }
  }

  /// Whether requests wait for ``releaseStuckRequests()``.
  package var hasStuckRequests: Bool {
    queue.contains { $0.due == nil }
  }

  /// Lets somebody else's files take all that is left but `byteCount` bytes.
  package func crowd(leaving byteCount: UInt64) {
    capacity = medium.files.values.reduce(byteCount, +)
  }

  /// Pulls the plug now.
  package func cutPower() {
    isOff = true
    queue = []
  }

  /// Lets the requests go on that a fault had stopped.
  package func releaseStuckRequests() {
    for index in queue.indices where queue[index].due == nil {
      queue[index].due = now + .milliseconds(1)
    }
  }
}

// MARK: - What a disk asks of its drive

extension SimulatedDrive {
  func submit(_ request: DiskRequest) {
    guard !isOff else { return }
    effectCount += 1
    let fault = faults.next(for: request.operation, using: &generator)
    if fault != nil { faultCount += 1 }
    let isStuck = fault == .stuck
    queue.append(
      SimulatedRequest(
        id: request.id,
        operation: request.operation,
        fault: fault,
        begun: begin(request.operation, fault),
        due: isStuck ? nil : now + latency()
      )
    )
    onEffect?()
    if let last = powerLastsFor, effectCount >= last { cutPower() }
  }

  func wait(timeout: Duration?, into completions: inout [DiskCompletion]) {
    guard !isOff else { return }
    if waker.takeCall() { return }
    guard let next = queue.lazy.compactMap(\.due).min() else {
      return sleep(timeout)
    }
    if let timeout, now + timeout < next {
      now += timeout
      return
    }
    now = max(now, next)
    complete(into: &completions)
  }

  /// Ends everything that is due, in the order it became due.
  private func complete(into completions: inout [DiskCompletion]) {
    var due: [SimulatedRequest] = []
    queue.removeAll { request in
      guard let time = request.due, time <= now else { return false }
      due.append(request)
      return true
    }
    for request in due.sorted(by: { ($0.due ?? .zero) < ($1.due ?? .zero) }) {
      completions.append(DiskCompletion(id: request.id, result: end(request)))
    }
  }

  private func sleep(_ timeout: Duration?) {
    if let timeout {
      now += timeout
    } else {
      waker.waitForCall()
    }
  }

  /// Usually tens of microseconds, now and then a hundred times that, so that requests overtake
  /// one another; rounded, so that some end together.
  private func latency() -> Duration {
    let steps = 1 + generator.below(20)
    return .microseconds(generator.once(in: 16) ? steps * 500 : steps * 5)
  }
}
