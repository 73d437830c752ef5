/// Lets archives share their members for as long as a store is open, pass after pass.
///
/// It keeps no store open: between passes it refers to none, and during one it ends at the next
/// rest after ``end()``.
final class BackgroundSharing: Sendable {
  private let task: Task<Void, Never>

  init(
    _ runtime: StoreRuntime,
    _ pace: SharingPace,
    log: @escaping @Sendable (StoreLogEntry) -> Void
  ) {
    task = Task { [weak runtime] in
      try? await Task.sleep(for: pace.delay)
      while !Task.isCancelled {
        guard await Self.pass(runtime, pace, log) else { return }
        try? await Task.sleep(for: pace.pause)
      }
    }
  }

  deinit {
    end()
  }

  func end() { task.cancel() }

  /// Walks through the store once, and says in the log what came of it.
  ///
  /// - Returns: whether there is a store to walk through again.
  private static func pass(
    _ runtime: StoreRuntime?,
    _ pace: SharingPace,
    _ log: @Sendable (StoreLogEntry) -> Void
  ) async -> Bool {
    guard let runtime else { return false }
    let rests = SharingRests(share: pace.restShare) { try? await Task.sleep(for: $0) }
    let keys = await runtime.keys.others()
    do throws(EngineError) {
      var pass = try await SharingPass(runtime, rests, keys: keys)
      let report = try await pass.run()
      if report.sharedCount > 0 { log(StoreLogEntry(.notice, report.sentence)) }
      return true
    } catch {
      guard error != .closed else { return false }
      log(StoreLogEntry(.notice, "Archives do not share their members for now: \(error)"))
      return true
    }
  }
}

extension SharingReport {
  fileprivate var sentence: String {
    "\(sharedCount) of \(examinedCount) blobs share members of archives now, which were "
      + "\(byteCountBefore) bytes and for which \(byteCountAfter) were written."
  }
}
