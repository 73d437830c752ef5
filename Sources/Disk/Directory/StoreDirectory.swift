import Glibc
import Ring

/// The directory of a store: its lock, the folders in it and what its file system can do.
///
/// ```
/// store/
///   LOCK      locked for as long as this object, or a ring that it was handed to, lives
///   SUPER
///   slots/    000000.seg …
///   ckpt/     p000.a, p000.b …
/// ```
///
/// Immutable once opened, so disks use it from any thread.
package final class StoreDirectory: Sendable {
  package let path: String
  let lock: OpenFile
  /// Reads and writes can go around the page cache.
  package let direct: Bool
  /// A write can be asked to be durable by itself (`RWF_DSYNC`).
  package let durableWrites: Bool
  /// What the operator should know of the file system, a sentence each.
  package let notices: [String]

  private let root: OpenFile
  private let slots: OpenFile
  private let checkpoints: OpenFile

  /// Opens or makes the directory at `path`, with all that is above it, and locks it.
  ///
  /// With `acceptsAnyFileSystem`, the refusal of an unfit file system becomes a notice; without
  /// `direct`, everything goes through the page cache, even where that is not needed.
  ///
  /// - Throws: ``DiskError/locked`` when another opener has the lock and does not let go within a
  ///   second: a ring gives a killed process's files back only when its last write has landed.
  package init(
    path: String,
    acceptsAnyFileSystem: Bool = false,
    direct: Bool = true
  ) throws(DiskError) {
    self.path = path
    do {
      try Self.makeDirectories(path)
      root = try OpenFile(path, .directory)
      lock = try StoreLock.take(in: root)
      notices = try Self.judge(root, path: path, acceptsAny: acceptsAnyFileSystem)
      slots = try Self.folder("slots", in: root)
      checkpoints = try Self.folder("ckpt", in: root)
      try root.flush(dataOnly: false)
      (self.direct, durableWrites) = try Self.probe(root, direct: direct)
    } catch let refusal as SystemError {
      throw DiskError(refusal)
    } catch let refusal as DiskError {
      throw refusal
    } catch {
      preconditionFailure("nothing above throws anything else: \(error)")
    }
  }
}

// MARK: - Files

extension StoreDirectory {
  /// Opens a file of the store; `mode` adds to reading and writing.
  func open(_ file: StoreFile, _ mode: OpenFile.Mode) throws(DiskError) -> OpenFile {
    do {
      return try OpenFile(name(of: file), in: folder(of: file).descriptor, mode)
    } catch {
      throw .system(operation: "open \(file.path)", code: error.code)
    }
  }

  /// Refuses a new file that the file system has no room for.
  ///
  /// fallocate(2) finds that out too, but only after it has taken everything that was left: for as
  /// long as it takes to give it back nobody else could write.
  func requireRoom(byteCount: UInt64, for file: StoreFile) throws(DiskError) {
    // Where it cannot be told, fallocate tells.
    guard let room = try? root.fileSystemRoom(), room < byteCount else { return }
    throw .system(operation: "fallocate \(file.path)", code: ENOSPC)
  }

  /// Removes a file's name; who has it open can go on using it.
  func remove(_ file: StoreFile) throws(DiskError) {
    try remove(name(of: file), from: folder(of: file), as: file.path)
  }

  /// Makes created and removed names of the folder that holds `file` durable.
  func flushFolder(of file: StoreFile) throws(DiskError) {
    do {
      try folder(of: file).flush(dataOnly: false)
    } catch {
      throw .system(operation: "fsync the directory of \(file.path)", code: error.code)
    }
  }

  /// Lists the files of the store with their sizes in bytes; foreign names are passed over.
  func files() throws(DiskError) -> [StoreFile: UInt64] {
    var found: [StoreFile: UInt64] = [:]
    for (prefix, folder) in [("", root), ("slots/", slots), ("ckpt/", checkpoints)] {
      for name in try names(in: folder) {
        guard let file = StoreFile(path: prefix + name) else { continue }
        found[file] = try byteCount(of: name, in: folder, as: file.path)
      }
    }
    return found
  }

  func folder(of file: StoreFile) -> OpenFile {
    switch file {
    case .superblock: root
    case .slot: slots
    case .checkpoint: checkpoints
    }
  }

  private func name(of file: StoreFile) -> String {
    let path = file.path
    guard let slash = path.lastIndex(of: "/") else { return path }
    return String(path[path.index(after: slash)...])
  }
}
