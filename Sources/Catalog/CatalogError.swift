internal import GRDB

/// Everything that can go wrong in the catalog while the program is right.
package enum CatalogError: Error, Hashable, Sendable {
  /// The catalog was closed.
  case closed
  /// No room is left to write; nothing of the change was kept.
  case full
  /// Another process holds the database, and went on holding it for the whole busy timeout.
  case busy
  /// A row does not read as what it should be, or the database itself is not one.
  case damaged(String)
  /// The database was written by a newer version of this program.
  case newerStore(String)
  /// A change would break a constraint of the schema; nothing of it was kept.
  case refused(String)
  /// The database answered with some other failure.
  case failed(code: Int32, message: String)
}

extension CatalogError {
  /// Reads what GRDB throws as what it means here.
  init(_ error: any Error) {
    guard let error = error as? DatabaseError else {
      self = (error as? CatalogError) ?? .failed(code: 0, message: String(describing: error))
      return
    }
    let message = error.message ?? error.resultCode.description
    switch error.resultCode {
    case .SQLITE_FULL: self = .full
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(message)
    case .SQLITE_CONSTRAINT: self = .refused(message)
    // The one misuse that GRDB leaves room for: a connection that is no more.
    case .SQLITE_MISUSE: self = .closed
    default: self = .failed(code: error.extendedResultCode.rawValue, message: message)
    }
  }
}

extension CatalogError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .closed: "the catalog is closed"
    case .full: "the catalog cannot grow: the disk is full; free some space and try again"
    case .busy: "another process holds the catalog; stop it, or let this one have it"
    case .damaged(let what): "the catalog is damaged: \(what); restore it from a backup"
    case .newerStore(let what):
      "the catalog was written by a newer version (\(what)); run that version or a later one"
    case .refused(let what): "the catalog refused a change: \(what)"
    case .failed(let code, let message): "the catalog failed with code \(code): \(message)"
    }
  }
}
