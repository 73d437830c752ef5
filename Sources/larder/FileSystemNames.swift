import Foundation

/// Questions about names in the file system.
enum FileSystemNames {
  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  /// The size of a file in bytes, or nil when it is none or not there.
  static func byteCount(of path: String) -> UInt64? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard attributes?[.type] as? FileAttributeType == .typeRegular else { return nil }
    return (attributes?[.size] as? NSNumber)?.uint64Value
  }
}
