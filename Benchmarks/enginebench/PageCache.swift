import Foundation

/// The kernel's memory of files.
enum PageCache {
  /// Writes everything back and empties the page cache; false without the right to.
  static func drop() -> Bool {
    let sync = try? Process.run(URL(fileURLWithPath: "/bin/sync"), arguments: [])
    sync?.waitUntilExit()
    guard let file = FileHandle(forWritingAtPath: "/proc/sys/vm/drop_caches") else { return false }
    return (try? file.write(contentsOf: Data("3\n".utf8))) != nil
  }
}
