/// What a disk can answer instead of doing what it was asked.
package enum DiskError: Error, Hashable, Sendable {
  /// The system refused: the operation and the positive `errno` (errno(3)).
  case system(operation: String, code: Int32)
  /// Fewer bytes were moved than asked for, and the file did not end there.
  case short(expected: Int, actual: Int)
  /// The store is open in another process, or twice in this one.
  case locked
  /// The directory's file system cannot keep the promises the engine needs.
  case unsupported(String)
}
