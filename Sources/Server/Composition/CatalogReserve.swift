import Disk
import Logging
import Synchronization

/// Space that the catalog gets when the file system has no other left, so that what was published
/// can still be deleted.
///
/// Once it is given, nothing more is published until it could be taken again.
final class CatalogReserve: Sendable {
  private let file: ReservedFile
  private let isHeld: Mutex<Bool>
  private let logger: Logger

  /// As much as some ten thousand deletes write.
  private static let byteCount = 32 << 20

  init(path: String, logger: Logger) {
    file = ReservedFile(path: path, byteCount: Self.byteCount)
    self.logger = logger
    isHeld = Mutex(file.take())
  }

  /// Whether there is room for new rows.
  var hasRoom: Bool { isHeld.withLock(\.self) }

  /// Lets the catalog have the space.
  ///
  /// - Returns: whether it pays to try again.
  func release() -> Bool {
    let wasHeld = isHeld.withLock { isHeld in
      defer { isHeld = false }
      return file.giveBack() || isHeld
    }
    if wasHeld {
      logger.critical(
        "The file system is full: the catalog takes its reserve, and nothing is published any more."
      )
    }
    return wasHeld
  }

  /// Takes the space again, where there is enough.
  func restore() {
    let isNew = isHeld.withLock { isHeld in
      guard !isHeld, file.take() else { return false }
      isHeld = true
      return true
    }
    if isNew { logger.notice("The catalog has its reserve again.") }
  }
}
