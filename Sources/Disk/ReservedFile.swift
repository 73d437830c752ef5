import Glibc

/// A file that holds nothing but space, for something else to have when there is no other.
package struct ReservedFile: Sendable {
  private let path: String
  private let byteCount: Int

  /// At most this share of a file system is held.
  private static let largestShare = 16

  /// - Parameters:
  ///   - path: of the file.
  ///   - byteCount: how much it holds, in bytes, or a sixteenth of the file system if that is less.
  package init(path: String, byteCount: Int) {
    self.path = path
    let total = Self.fileSystemByteCount(of: path)
    self.byteCount = min(byteCount, total.map { $0 / Self.largestShare } ?? byteCount)
  }

  private static func fileSystemByteCount(of path: String) -> Int? {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    var status = statvfs()
    // SAFETY: the string and the structure outlive the call.
    guard unsafe statvfs(folder, &status) == 0 else { return nil }
    return Int(clamping: UInt64(status.f_blocks) * UInt64(status.f_frsize))
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
