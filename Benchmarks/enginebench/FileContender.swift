import Foundation

/// One file a blob, written the way careful programs do: beside its place, flushed, renamed, and
/// the directory flushed.
///
/// Files lie in 256 folders, as in every cache that works like this.
struct FileContender: Contender {
  let name = "file per blob, fsync"
  private let root: URL
  private let folders: [FileHandle]

  init(directory: String) throws {
    root = URL(fileURLWithPath: directory)
    folders = try (0..<256).map { [root] number in
      let folder = root.appendingPathComponent(String(number))
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      return try FileHandle(forReadingFrom: folder)
    }
  }

  func put(_ bytes: [UInt8]) async throws -> Handle { try write(bytes, isDurable: true) }

  /// What is read is the same, flushed or not: the page cache is written back before it is dropped.
  func fill(_ bytes: [UInt8]) async throws -> Handle { try write(bytes, isDurable: false) }

  private func write(_ bytes: [UInt8], isDurable: Bool) throws -> Handle {
    let name = UUID().uuidString
    let bucket = Int(bytes.first ?? 0)
    let folder = root.appendingPathComponent(String(bucket))
    let draft = folder.appendingPathComponent(name + ".new")
    _ = FileManager.default.createFile(atPath: draft.path, contents: nil)
    let file = try FileHandle(forWritingTo: draft)
    try file.write(contentsOf: bytes)
    if isDurable { try file.synchronize() }
    try file.close()
    try FileManager.default.moveItem(at: draft, to: folder.appendingPathComponent(name))
    if isDurable { try folders[bucket].synchronize() }
    return "\(bucket)/\(name)"
  }

  func get(_ handle: Handle) async throws -> [UInt8] {
    Array(try Data(contentsOf: root.appendingPathComponent(handle)))
  }

  func close() async throws {
    for folder in folders { try folder.close() }
  }
}
