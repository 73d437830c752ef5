import Codec
import Disk
import Foundation

/// Compresses files whose time is past, and removes those that are past keeping.
struct AuditSealer: Sendable {
  /// How much is compressed at a time: what a reader has to hold, and the sealer twice.
  private static let memberByteCount = 1 << 20
  /// Records are much alike: the quickest level makes 1/18 of them at 470 MB/s a core, the usual
  /// one 1/20 at half that, and they come at up to 11 MB/s while hits are served.
  private static let level: Int32 = 1

  let folder: AuditFolder
  let options: AuditOptions

  /// Compresses every file but the one begun at `current`, and clears away old ones.
  ///
  /// Each step leaves the trail whole: the compressed file is durable under its name before the
  /// other one goes.
  func seal(upTo current: UInt64, now: UInt64) throws {
    for file in folder.files() where !file.isCompressed && file.start < current {
      try compress(file)
    }
    for file in AuditFolder.expired(folder.files(), at: now, options) {
      try FileManager.default.removeItem(atPath: file.path)
    }
  }

  private func compress(_ file: AuditFolder.File) throws {
    let draft = file.path + ".gz" + AuditFolder.draftEnding
    let input = try FileHandle(forReadingFrom: URL(filePath: file.path))
    defer { try? input.close() }
    guard
      FileManager.default.createFile(
        atPath: draft,
        contents: nil,
        attributes: [.posixPermissions: 0o600]
      )
    else { throw DiskError.system(operation: "open", code: EIO) }
    let output = try FileHandle(forWritingTo: URL(filePath: draft))
    defer { try? output.close() }
    while let piece = try input.read(upToCount: Self.memberByteCount), !piece.isEmpty {
      let member = DeflateCompressor.compress([UInt8](piece).span, as: .gzip, level: Self.level)
      try output.write(contentsOf: Data(member))
    }
    try output.synchronize()
    try FileManager.default.moveItem(atPath: draft, toPath: file.path + ".gz")
    try FileManager.default.removeItem(atPath: file.path)
  }
}
