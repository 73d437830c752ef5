package import Disk

#if canImport(Glibc)
import Glibc
#endif

/// The platters of a simulated disk: what a power cut leaves, and what it may leave or not.
///
/// A value: copying it is cheap and shares all pages, so that one run can be continued from the
/// same instant in hundreds of ways. Invariants:
///
/// 1. A file's `durable` pages, its durable size and the durable names survive every crash.
/// 2. Everything else that was changed is in exactly one list of volatile changes, in the order
///    it was made, and each of its units (a sector, a name, a size) survives or not by itself.
/// 3. Reads and listings see all completed changes, durable or not.
package struct SimulatedMedium: Sendable {
  /// A name that came or went, and that a power cut may still undo.
  struct NameChange: Sendable {
    let id: UInt64
    let file: StoreFile
    /// The file that the name means from now on; nil when the name went.
    let inode: UInt64?
  }

  /// Names a write between its beginning and its end.
  package struct WriteTicket: Sendable {
    let inode: UInt64
    let id: UInt64
    let offset: Int
  }

  /// What a flush covers: that which was complete when it was asked for.
  package struct FlushTicket: Sendable {
    let inode: UInt64
    let writes: Set<UInt64>
    let byteCount: UInt64
  }

  /// What a flush of a directory covers.
  package struct DirectoryTicket: Sendable {
    let changes: Set<UInt64>
  }

  var inodes: [UInt64: Inode] = [:]
  var names: [StoreFile: UInt64] = [:]
  var durableNames: [StoreFile: UInt64] = [:]
  var nameChanges: [NameChange] = []
  private var nextID: UInt64 = 1

  /// Makes an empty medium.
  package init() {}

  mutating func takeID() -> UInt64 {
    defer { nextID += 1 }
    return nextID
  }

  func inodeID(_ file: StoreFile, for operation: String) throws(DiskError) -> UInt64 {
    guard let id = names[file] else { throw .system(operation: operation, code: ENOENT) }
    return id
  }
}

// MARK: - Names

extension SimulatedMedium {
  /// The files that are there, with their sizes in bytes.
  package var files: [StoreFile: UInt64] {
    names.compactMapValues { inodes[$0]?.byteCount }
  }

  /// Creates a file of zeroes whose name and size are volatile.
  package mutating func create(_ file: StoreFile, byteCount: UInt64) throws(DiskError) {
    guard names[file] == nil else { throw .system(operation: "create", code: EEXIST) }
    let inode = takeID()
    inodes[inode] = Inode(byteCount: byteCount, sizeID: inode)
    names[file] = inode
    nameChanges.append(NameChange(id: takeID(), file: file, inode: inode))
  }

  /// Makes a file longer; its new size is volatile.
  package mutating func extend(_ file: StoreFile, byteCount: UInt64) throws(DiskError) {
    let inode = try inodeID(file, for: "extend")
    guard let now = inodes[inode]?.byteCount, now < byteCount else { return }
    let change = takeID()
    inodes[inode]?.byteCount = byteCount
    inodes[inode]?.sizeID = change
  }

  /// Removes a name; the file itself goes once no crash can bring the name back.
  package mutating func remove(_ file: StoreFile) throws(DiskError) {
    _ = try inodeID(file, for: "remove")
    names[file] = nil
    nameChanges.append(NameChange(id: takeID(), file: file, inode: nil))
  }

  /// Begins a flush of the directory of `file`.
  package func beginDirectoryFlush(of file: StoreFile) -> DirectoryTicket {
    DirectoryTicket(
      changes: Set(nameChanges.lazy.filter { $0.file.directory == file.directory }.map(\.id))
    )
  }

  /// Makes what the ticket covers durable.
  package mutating func finishDirectoryFlush(_ ticket: DirectoryTicket) {
    for change in nameChanges where ticket.changes.contains(change.id) {
      durableNames[change.file] = change.inode
    }
    nameChanges.removeAll { ticket.changes.contains($0.id) }
    dropUnreachable()
  }

  mutating func dropUnreachable() {
    var reachable = Set(names.values)
    reachable.formUnion(durableNames.values)
    reachable.formUnion(nameChanges.lazy.compactMap(\.inode))
    if reachable.count != inodes.count {
      inodes = inodes.filter { reachable.contains($0.key) }
    }
  }
}

extension StoreFile {
  /// The directories of a store, each of which is flushed by itself.
  enum Directory: Hashable, Sendable {
    case root, slots, checkpoints
  }

  var directory: Directory {
    switch self {
    case .superblock: .root
    case .slot: .slots
    case .checkpoint: .checkpoints
    }
  }
}
