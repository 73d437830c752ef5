import Repository
import Synchronization

/// Lets one publication of a package happen at a time, where its rules look at more than a row:
/// other spellings of the name, other spellings of the version.
final class PublishQueue: Sendable {
  private let last = Mutex<[String: Task<Void, Never>]>([:])

  /// Runs `work` after everything that was queued under `key` before.
  func run(
    _ key: String,
    _ work: @escaping @Sendable () async throws(RepositoryError) -> Void
  ) async throws(RepositoryError) {
    let (task, turn) = last.withLock { last in
      let before = last[key]
      let task = Task { () -> Result<Void, RepositoryError> in
        await before?.value
        do throws(RepositoryError) {
          return .success(try await work())
        } catch {
          return .failure(error)
        }
      }
      let turn = Task { _ = await task.value }
      last[key] = turn
      return (task, turn)
    }
    let result = await task.value
    last.withLock { last in
      if last[key] == turn { last[key] = nil }
    }
    try result.get()
  }
}
