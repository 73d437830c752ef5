import Disk
import Foundation
import Logging

/// What the server keeps of the file system for the day when nothing else is left: then what was
/// published can still be deleted, and that is on record.
struct Reserves: Sendable {
  /// As much as some ten thousand deletes write.
  private static let catalogByteCount = 32 << 20
  /// As much as some ten thousand records of changes take.
  private static let auditByteCount = 16 << 20

  let catalog: SpaceReserve
  /// Nil for a server without a trail.
  let audit: SpaceReserve?

  init(in data: DataDirectory, hasTrail: Bool, logger: Logger) throws {
    catalog = SpaceReserve(path: data.catalogReserve, byteCount: Self.catalogByteCount) {
      Self.log($0, "catalog", logger)
    }
    audit = hasTrail ? try Self.forTrail(in: data, logger) : nil
  }

  private static func forTrail(in data: DataDirectory, _ logger: Logger) throws -> SpaceReserve {
    try FileManager.default.createDirectory(
      atPath: data.audit,
      withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700]
    )
    return SpaceReserve(path: data.auditReserve, byteCount: auditByteCount) {
      log($0, "audit trail", logger)
    }
  }

  /// Whether there is room for anything new.
  var areThere: Bool { catalog.isThere && audit?.isThere != false }

  /// Takes again what was given, where there is room.
  func restore() {
    catalog.restore()
    audit?.restore()
  }

  private static func log(_ isHeld: Bool, _ owner: String, _ logger: Logger) {
    guard !isHeld else { return logger.notice("The \(owner) has its reserve again.") }
    logger.critical(
      "The file system is full: the \(owner) takes its reserve, and nothing is published any more."
    )
  }
}
