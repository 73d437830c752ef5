#if canImport(Glibc)
import Glibc
#endif

/// The files beside the tests: golden ones and the saved corpus.
enum FormatFiles {
  static let folder = String(#filePath.prefix(upTo: #filePath.lastIndex(of: "/") ?? "".endIndex))

  static func read(_ path: String) -> [UInt8]? {
    // SAFETY: the stream is closed before the end; `fread` writes at most the buffer's size.
    guard let file = unsafe fopen(path, "r") else { return nil }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = unsafe fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { return bytes }
      bytes.append(contentsOf: buffer[..<count])
    }
  }

  static func write(_ bytes: [UInt8], to path: String) -> Bool {
    // SAFETY: as above.
    guard let file = unsafe fopen(path, "w") else { return false }
    defer { unsafe fclose(file) }
    return unsafe fwrite(bytes, 1, bytes.count, file) == bytes.count
  }

  /// The names in a folder, sorted.
  static func names(in path: String) -> [String] {
    // SAFETY: the directory is closed before the end; a name is copied before the next is read.
    guard let directory = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
