import Glibc
import Ring

extension StoreDirectory {
  /// Makes a directory and all above it, and flushes each parent of a new one.
  static func makeDirectories(_ path: String) throws(SystemError) {
    var missing: [String] = []
    var current = path
    // SAFETY (here and below): the strings live for the length of the calls.
    while unsafe access(current, F_OK) != 0 {
      missing.append(current)
      current = parent(of: current)
    }
    for directory in missing.reversed() {
      if unsafe mkdir(directory, 0o755) != 0, errno != EEXIST {
        throw SystemError(operation: "mkdir \(directory)", code: errno)
      }
      try OpenFile(parent(of: directory), .directory).flush(dataOnly: false)
    }
  }

  private static func parent(of path: String) -> String {
    var path = path[...]
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func folder(_ name: String, in root: OpenFile) throws(SystemError) -> OpenFile {
    // SAFETY: the string lives for the length of the call.
    if unsafe mkdirat(root.descriptor, name, 0o755) != 0, errno != EEXIST {
      throw SystemError(operation: "mkdir \(name)", code: errno)
    }
    return try OpenFile(name, in: root.descriptor, .directory)
  }

  static func judge(
    _ root: OpenFile,
    path: String,
    acceptsAny: Bool
  ) throws(any Error) -> [String] {
    let kind = FileSystemKind(magic: try root.fileSystem())
    switch kind.fitness {
    case .fit: return []
    case .limited(let reason): return ["\(path) lies on \(kind.name): \(reason)"]
    case .unfit(let reason) where acceptsAny: return ["\(path) lies on \(kind.name): \(reason)"]
    case .unfit(let reason):
      throw DiskError.unsupported(
        "\(path) lies on \(kind.name): \(reason). Put the store on ext4 or XFS, or accept the file "
          + "system explicitly"
      )
    }
  }

  /// Tries on a file of its own what the file system can do: direct I/O, and durable writes.
  static func probe(
    _ root: OpenFile,
    direct wanted: Bool
  ) throws(SystemError) -> (direct: Bool, durableWrites: Bool) {
    let name = "PROBE"
    defer {
      // SAFETY: the string lives for the length of the call. A left-over probe does no harm.
      unsafe _ = unlinkat(root.descriptor, name, 0)
    }
    let page = DiskBuffer(byteCount: DiskBuffer.alignment)
    if wanted, let file = try? OpenFile(name, in: root.descriptor, [.createOrKeep, .direct]),
      let alignment = try? file.directAlignment(), (1...DiskBuffer.alignment).contains(alignment),
      let durable = accepts(page, file)
    {
      return (true, durable)
    }
    let file = try OpenFile(name, in: root.descriptor, .createOrKeep)
    return (false, accepts(page, file) ?? false)
  }

  /// Writes a page and answers whether it could be durable by itself; nil when it cannot at all.
  private static func accepts(_ page: DiskBuffer, _ file: OpenFile) -> Bool? {
    for durable in [true, false] {
      // SAFETY: the buffer has a page, and is kept for the length of the call.
      let count = unsafe try? file.write(
        from: page.base,
        byteCount: page.byteCount,
        at: 0,
        durable: durable
      )
      if count == page.byteCount { return durable }
    }
    return nil
  }
}
