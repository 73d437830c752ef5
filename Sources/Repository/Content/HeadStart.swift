internal import Catalog
internal import Synchronization

/// A download that is begun before it is known on whose word the file is wanted, so that a registry
/// is asked for a list, a checksum and the file at once and not one after the other.
///
/// It belongs to those who wait for that word. The flight that comes of it takes the download; when
/// nobody is left who might, it is let go.
final class HeadStart: Sendable {
  typealias Outcome = Result<ExternalDownload, ExternalFailure>

  /// Where the file is.
  struct Source: Hashable, Sendable {
    let connection: ExternalConnection
    let address: String
  }

  private let opening: Task<Outcome, Never>
  private let isTaken = Mutex(false)
  private let wasDropped: @Sendable () -> Void

  /// - Parameters:
  ///   - source: what is asked for.
  ///   - external: who is asked.
  ///   - wasDropped: told when the download is let go.
  init(
    _ source: Source,
    from external: any ExternalSource,
    wasDropped: @escaping @Sendable () -> Void
  ) {
    self.wasDropped = wasDropped
    opening = Task {
      do throws(ExternalFailure) {
        return .success(
          try await external.download(
            source.address,
            for: source.connection.rawValue,
            from: 0,
            ifStill: nil
          )
        )
      } catch { return .failure(error) }
    }
  }

  deinit {
    guard !isTaken.withLock(\.self) else { return }
    wasDropped()
    opening.cancel()
    Task { [opening] in
      if case .success(let download) = await opening.value { download.cancel() }
    }
  }

  /// Hands the download over, once.
  func take() {
    isTaken.withLock { $0 = true }
  }

  /// Waits for what the source answers.
  func outcome() async -> Outcome { await opening.value }

  /// Whether the source says that it has no such file.
  func isAbsent() async -> Bool {
    if case .failure(let failure) = await outcome() { failure.kind == .absent } else { false }
  }
}
