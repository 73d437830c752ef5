import Glibc

/// A file that holds nothing but space, for something else to have when there is no other.
package struct ReservedFile: Sendable {
  private let path: String
  private let byteCount: Int

  package init(path: String, byteCount: Int) {
    self.path = path
    self.byteCount = byteCount
  }

  /// Takes the space, if it is not taken already.
  ///
  /// - Returns: whether it is taken now. A file system without room for all of it gives nothing.
  @discardableResult
  package func take() -> Bool {
    // SAFETY: the string outlives the call.
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    guard posix_fallocate(descriptor, 0, byteCount) != 0 else { return true }
    giveBack()
    return false
  }

  /// Gives the space back.
  ///
  /// - Returns: whether there was any.
  @discardableResult
  package func giveBack() -> Bool {
    // SAFETY: the string outlives the call.
    unsafe unlink(path) == 0
  }
}
