import ArgumentParser
import Bytes

/// What a `larder store` command can say instead of doing its work.
enum StoreCommandError: Error, CustomStringConvertible {
  case noStore(String)
  case noCatalog(String)
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)

  var description: String {
    switch self {
    case .noStore(let directory):
      "There is no store in \(directory). Name one with --store, or the data directory with --data."
    case .noCatalog(let directory):
      "There is no catalog in \(directory) that says which blobs are referred to. Name a server's "
        + "data directory with --data."
    case .unreadable(let path, let reason): "Cannot read \(path): \(reason)"
    case .unwritable(let path, let reason): "Cannot write \(path): \(reason)"
    }
  }
}

extension ExitCode {
  /// Damage was found.
  static let damage = ExitCode(2)
  /// A promise of the store was broken.
  static let brokenPromise = ExitCode(3)
  /// The store does not have the blob.
  static let absent = ExitCode(4)
}

/// A blob's name as an argument.
struct BlobName: ExpressibleByArgument {
  let key: SHA256Digest

  init?(argument: String) {
    let digits = argument.hasPrefix("sha256:") ? String(argument.dropFirst(7)) : argument
    guard let key = SHA256Digest(hexadecimal: digits) else { return nil }
    self.key = key
  }
}
