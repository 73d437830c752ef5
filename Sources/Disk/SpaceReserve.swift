import Synchronization

/// Space that its owner gets when the file system has no other left, so that what makes room can
/// still be done.
///
/// Held as a file beside the owner's own. Once it is given, the owner takes on nothing more until
/// it could be taken again.
package final class SpaceReserve: Sendable {
  // Asked for every request, so that nobody waits here while megabytes are written to a file.
  private let isHeld: Atomic<Bool>
  private let file: Mutex<ReservedFile>
  private let tell: @Sendable (_ isHeld: Bool) -> Void

  /// Takes the space where there is enough.
  ///
  /// - Parameters:
  ///   - path: of the file that holds the space, in a folder that is there.
  ///   - byteCount: how much, in bytes, or a sixteenth of the file system if that is less.
  ///   - tell: told when the space is given, and when it is taken again.
  package init(path: String, byteCount: Int, tell: @escaping @Sendable (_ isHeld: Bool) -> Void) {
    let reserved = ReservedFile(path: path, byteCount: byteCount)
    self.tell = tell
    isHeld = Atomic(reserved.take())
    file = Mutex(reserved)
  }

  /// Whether there is more room than what is needed to make room.
  package var isThere: Bool { isHeld.load(ordering: .relaxed) }

  /// Lets the owner have the space.
  ///
  /// - Returns: whether it pays to try again.
  package func release() -> Bool {
    let wasHeld = file.withLock { file in
      let wasThere = isHeld.exchange(false, ordering: .relaxed)
      return file.giveBack() || wasThere
    }
    if wasHeld { tell(false) }
    return wasHeld
  }

  /// Takes the space again, where there is enough.
  package func restore() {
    let isNew = file.withLock { file in
      guard !isThere, file.take() else { return false }
      isHeld.store(true, ordering: .relaxed)
      return true
    }
    if isNew { tell(true) }
  }
}
