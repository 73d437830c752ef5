import Glibc
package import Ring

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

  /// Whether there was no room, rather than a fault.
  package var isFull: Bool {
    guard case .system(_, let code) = self else { return false }
    return code == ENOSPC || code == EDQUOT
  }

  package init(_ refusal: SystemError) {
    self = .system(operation: refusal.operation, code: refusal.code)
  }
}

extension DiskError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .system(let operation, let code):
      "\(operation): \(Self.sentence(for: code)) (errno \(code))"
    case .short(let expected, let actual):
      "moved \(actual) bytes where \(expected) were asked for"
    case .locked:
      "the store is already open, in another process or twice in this one; close it there first"
    case .unsupported(let reason):
      reason
    }
  }

  private static func sentence(for code: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 128)
    // SAFETY: the C side writes at most `count` bytes and ends them with a zero.
    let answer = unsafe strerror_r(code, &buffer, buffer.count)
    guard answer == 0 else { return "unknown error" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
