import Glibc

/// A directory that is there for one test, on the file system the test asks for.
final class ScratchDirectory {
  let path: String

  init(on parent: String = "/tmp") {
    var random = SystemRandomNumberGenerator()
    path = "\(parent)/larder-test-\(getpid())-\(String(random.next(), radix: 36))"
  }

  deinit {
    Self.remove(path)
  }

  private static func remove(_ path: String) {
    for name in names(in: path) { remove("\(path)/\(name)") }
    if unsafe Glibc.remove(path) != 0, errno != ENOENT {
      print("could not remove \(path): errno \(errno)")
    }
  }

  private static func names(in path: String) -> [String] {
    guard let stream = unsafe opendir(path) else { return [] }
    defer { unsafe _ = closedir(stream) }
    var names: [String] = []
    // SAFETY: the entry is valid until the next call on the stream, and its name ends in a zero.
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }
}
