package import Disk

/// A refusal of the disk, in words and with the system's number for it.
public struct DiskFailure: Error, Hashable, Sendable {
  /// The system's error number (errno(3)), when it gave one.
  public let code: Int32?
  /// What was tried and how it ended.
  public let message: String

  package init(code: Int32?, message: String) {
    self.code = code
    self.message = message
  }

  package init(_ error: DiskError) {
    switch error {
    case .system(let operation, let code):
      self.init(code: code, message: "\(operation) failed with error \(code)")
    case .short(let expected, let actual):
      self.init(code: nil, message: "\(actual) of \(expected) bytes were moved")
    case .locked:
      self.init(code: nil, message: "the store is open elsewhere")
    case .unsupported(let reason):
      self.init(code: nil, message: reason)
    }
  }
}
