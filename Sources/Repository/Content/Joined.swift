internal import Synchronization

/// Work that is done once for everyone who wants its result at the same time.
final class Joined<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let underWay = Mutex<[Key: Pending<Result<Value, RepositoryError>>]>([:])

  /// Returns what `work` makes, or what someone else's `work` for the same key, already begun,
  /// makes.
  ///
  /// Once begun it runs to its end, whoever leaves.
  func value(
    for key: Key,
    _ work: @escaping @Sendable () async throws(RepositoryError) -> Value
  ) async throws(RepositoryError) -> Value {
    let (pending, isNew) = underWay.withLock { underWay in
      if let pending = underWay[key] { return (pending, false) }
      let pending = Pending<Result<Value, RepositoryError>>()
      underWay[key] = pending
      return (pending, true)
    }
    if isNew {
      Task {
        let result = await Self.result(of: work)
        underWay.withLock { $0[key] = nil }
        pending.resolve(result)
      }
    }
    return try await pending.value().get()
  }

  private static func result(
    of work: @Sendable () async throws(RepositoryError) -> Value
  ) async -> Result<Value, RepositoryError> {
    do { return .success(try await work()) } catch { return .failure(error) }
  }
}
