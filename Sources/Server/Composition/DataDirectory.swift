import Disk
import Foundation

/// Where everything is kept, and what lies where below it.
///
/// ```
/// larder-data/
///   store/            blobs (BlobEngine)
///   audit/            who did what, a file for each day or part of one (AuditLog)
///     reserve         space that it gets when there is no other
///   catalog.sqlite    who owns what
///   catalog.reserve   the same for the catalog
///   scrub.position    how far the verification of the store has come
///   master.key        32 bytes that open what the catalog keeps sealed; mode 0600
///   domains.key       32 bytes that wrap the keys of domains; mode 0600
///   credentials.json  the first administrator, for `larder env`; mode 0600
/// ```
struct DataDirectory: Sendable {
  let path: String

  /// Opens the directory, or makes it with mode 0700.
  init(path: String) throws {
    self.path = path
    try FileManager.default.createDirectory(
      atPath: path,
      withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700]
    )
  }

  var store: String { path + "/store" }
  var audit: String { path + "/audit" }
  var catalog: String { path + "/catalog.sqlite" }
  var domainKey: String { path + "/domains.key" }
  /// Takes the place of ``domainKey`` once all keys are wrapped with it.
  var nextDomainKey: String { path + "/domains.key.next" }
  var catalogReserve: String { path + "/catalog.reserve" }
  /// In the folder itself, which may be a file system of its own.
  var auditReserve: String { audit + "/reserve" }
  var scrubPosition: String { path + "/scrub.position" }
  var credentials: CredentialsFile { CredentialsFile(directory: path) }

  /// Reads the master key, or makes one where there is neither key nor catalog yet.
  ///
  /// - Throws: ``MissingMasterKey`` when a catalog is there without the key that opens it: making a
  ///   new one would lose every secret in silence.
  func masterKey() throws -> [UInt8] {
    let file = path + "/master.key"
    if let key = try PrivateFile.read(file) { return key }
    guard !FileManager.default.fileExists(atPath: catalog) else {
      throw MissingMasterKey(path: file)
    }
    var generator = SystemRandomNumberGenerator()
    let key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    try PrivateFile.write(key, to: file)
    return key
  }
}

/// The catalog is there, and the key to what is sealed in it is not.
struct MissingMasterKey: Error, CustomStringConvertible {
  let path: String

  var description: String {
    "\(path) is missing, and the catalog beside it was made with it; restore it from a backup"
  }
}
