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
    if case .system(_, let code) = error {
      self.init(code: code, message: "\(error)")
    } else {
      self.init(code: nil, message: "\(error)")
    }
  }
}
