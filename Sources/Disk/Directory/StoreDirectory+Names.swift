import Glibc
import Ring

extension StoreDirectory {
  func remove(_ name: String, from folder: OpenFile, as path: String) throws(DiskError) {
    // SAFETY: the string lives for the length of the call.
    if unsafe unlinkat(folder.descriptor, name, 0) != 0 {
      throw .system(operation: "unlink \(path)", code: errno)
    }
  }

  func names(in folder: OpenFile) throws(DiskError) -> [String] {
    // A descriptor of its own, because closedir(3) closes what it was given.
    let copy = unsafe openat(folder.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0, let stream = unsafe fdopendir(copy) else {
      throw .system(operation: "open a folder of \(path)", code: errno)
    }
    defer { unsafe _ = closedir(stream) }
    var names: [String] = []
    errno = 0
    // SAFETY: the entry is valid until the next call on the stream, and its name ends in a zero.
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      names.append(name)
    }
    if errno != 0 { throw .system(operation: "list a folder of \(path)", code: errno) }
    return names
  }

  func byteCount(of name: String, in folder: OpenFile, as path: String) throws(DiskError) -> UInt64
  {
    var status = stat()
    // SAFETY: fills a local.
    guard unsafe fstatat(folder.descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      throw .system(operation: "stat \(path)", code: errno)
    }
    return UInt64(status.st_size)
  }
}
