import Disk

/// What goes on when a disk request has ended.
typealias DiskContinuation = (inout Engine, Result<Int, DiskError>) -> Void

/// The traffic with the disk: requests go out under a number, continuations wait for it.
///
/// A flow that waits is written as a function that ends in a request and a closure with the rest.
/// The closure gets the engine back as its argument, so nothing holds a reference to it.
extension Engine {
  /// Asks the disk for something; `then` runs when it has ended.
  ///
  /// Reads of an opening are tried three times: what cannot be read then is taken for lost.
  mutating func submit(_ operation: DiskOperation, then: @escaping DiskContinuation) {
    guard mode == .opening, case .read = operation else { return submitOnce(operation, then: then) }
    submitRepeatedly(operation, triesLeft: 3, then: then)
  }

  private mutating func submitRepeatedly(
    _ operation: DiskOperation,
    triesLeft: Int,
    then: @escaping DiskContinuation
  ) {
    submitOnce(operation) { engine, result in
      guard case .failure = result, triesLeft > 1 else { return then(&engine, result) }
      engine.submitRepeatedly(operation, triesLeft: triesLeft - 1, then: then)
    }
  }

  private mutating func submitOnce(_ operation: DiskOperation, then: @escaping DiskContinuation) {
    let id = nextDiskRequest
    nextDiskRequest += 1
    continuations[id] = then
    if case .write(_, _, let byteCount, _, _, _) = operation { traffic.all += UInt64(byteCount) }
    effects.append(.submit(DiskRequest(id: id, operation: operation)))
  }

  /// Asks for several things at once; `then` runs when all have ended, with the results in order.
  mutating func submitAll(
    _ operations: [DiskOperation],
    then: @escaping (inout Engine, [Result<Int, DiskError>]) -> Void
  ) {
    guard !operations.isEmpty else { return then(&self, []) }
    let gathering = Gathering(count: operations.count)
    for (index, operation) in operations.enumerated() {
      submit(operation) { engine, result in
        guard let all = gathering.add(result, at: index) else { return }
        then(&engine, all)
      }
    }
  }

  mutating func complete(_ completion: DiskCompletion) {
    guard let then = continuations.removeValue(forKey: completion.id) else {
      preconditionFailure("a disk reports each request once")
    }
    reclaim.completionCount += 1
    then(&self, completion.result)
  }

  mutating func log(_ level: EngineLogEntry.Level, _ message: String) {
    effects.append(.log(EngineLogEntry(level, message)))
  }

  mutating func reply(_ id: RequestID, _ reply: EngineReply) {
    effects.append(.reply(id, .success(reply)))
  }

  mutating func reply(_ id: RequestID, failure: EngineError) {
    effects.append(.reply(id, .failure(failure)))
  }
}

/// The results of several requests, until the last is in.
private final class Gathering {
  private var results: [Result<Int, DiskError>?]
  private var missing: Int

  init(count: Int) {
    results = Array(repeating: nil, count: count)
    missing = count
  }

  func add(_ result: Result<Int, DiskError>, at index: Int) -> [Result<Int, DiskError>]? {
    precondition(results[index] == nil, "each request ends once")
    results[index] = result
    missing -= 1
    return missing == 0 ? results.compactMap { $0 } : nil
  }
}
