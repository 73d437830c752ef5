import Foundation

/// The files of an audit trail: one that grows, and older ones that are compressed.
///
/// `20260131T235959.123Z.jsonl` is named after the moment it was begun, and ends where the next one
/// begins. A file whose time is past becomes `….jsonl.gz`, in members of a mebibyte, so that
/// `zcat` reads it.
package struct AuditFolder: Sendable {
  package struct File: Hashable, Sendable {
    /// When the file was begun, in milliseconds since 1970.
    package let start: UInt64
    package let isCompressed: Bool
    package let path: String
    package let byteCount: UInt64
  }

  private static let plainEnding = ".jsonl"
  private static let compressedEnding = ".jsonl.gz"
  /// What compressing leaves when it is cut short.
  static let draftEnding = ".new"

  package let path: String

  package init(path: String) {
    self.path = path
  }

  /// The path of the file begun at a moment.
  func path(ofFileFrom start: UInt64) -> String {
    "\(path)/\(AuditTime.fileText(start))\(Self.plainEnding)"
  }

  /// The files there are, oldest first; each once, compressed where both forms are there.
  package func files() -> [File] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    var files: [UInt64: File] = [:]
    for name in names {
      guard let file = file(named: name) else { continue }
      if let other = files[file.start], other.isCompressed { continue }
      files[file.start] = file
    }
    return files.values.sorted { $0.start < $1.start }
  }

  /// Makes the folder where there is none, and clears away what a crash left of compressing.
  func prepare() throws {
    try FileManager.default.createDirectory(
      atPath: path,
      withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700]
    )
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      let isDraft = name.hasSuffix(Self.draftEnding)
      let isDouble =
        name.hasSuffix(Self.plainEnding)
        && FileManager.default.fileExists(atPath: "\(path)/\(name).gz")
      if isDraft || isDouble { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }
    }
  }

  private func file(named name: String) -> File? {
    let isCompressed = name.hasSuffix(Self.compressedEnding)
    guard isCompressed || name.hasSuffix(Self.plainEnding) else { return nil }
    let stem = name.dropLast((isCompressed ? Self.compressedEnding : Self.plainEnding).utf8.count)
    guard let start = AuditTime.fileMilliseconds(stem) else { return nil }
    let place = "\(path)/\(name)"
    let attributes = try? FileManager.default.attributesOfItem(atPath: place)
    let byteCount = (attributes?[.size] as? NSNumber)?.uint64Value ?? 0
    return File(start: start, isCompressed: isCompressed, path: place, byteCount: byteCount)
  }

  /// Returns which of `files`, oldest first, are to go.
  ///
  /// Those are the ones whose last record is older than the days say, and the oldest where there
  /// are too many bytes. The last one, which grows, stays.
  static func expired(_ files: [File], at now: UInt64, _ options: AuditOptions) -> [File] {
    guard files.count > 1 else { return [] }
    var remaining = files.reduce(0) { $0 + $1.byteCount }
    var expired: [File] = []
    for (file, next) in zip(files, files.dropFirst()) {
      let age = now >= next.start ? now - next.start : 0
      let isOld = options.keepDays > 0 && age > UInt64(options.keepDays) * 86_400_000
      let isTooMuch = options.keepByteCount > 0 && remaining > options.keepByteCount
      guard isOld || isTooMuch else { break }
      expired.append(file)
      remaining -= file.byteCount
    }
    return expired
  }
}
