package import Disk

// Flushing a file: a flush too has a beginning, which says what it covers, and an end.

extension SimulatedMedium {
  /// Begins a flush: it will cover the writes that are complete now, and the size as it is now.
  package func beginFlush(_ file: StoreFile) throws(DiskError) -> FlushTicket {
    let id = try inodeID(file, for: "flush")
    guard let inode = inodes[id] else { return FlushTicket(inode: id, writes: [], byteCount: 0) }
    let covered = inode.volatile.lazy.filter { !$0.isUnderWay && !$0.isCondemned }.map(\.id)
    return FlushTicket(inode: id, writes: Set(covered), byteCount: inode.byteCount)
  }

  /// Makes what the ticket covers durable.
  package mutating func finishFlush(_ ticket: FlushTicket) {
    guard var inode = inodes[ticket.inode] else { return }
    inodes[ticket.inode] = nil
    for id in ticket.writes.sorted() {
      guard let index = inode.volatile.firstIndex(where: { $0.id == id && !$0.isCondemned })
      else { continue }
      inode.settle(at: index)
    }
    inode.durableByteCount = max(inode.durableByteCount, ticket.byteCount)
    inodes[ticket.inode] = inode
  }

  /// Fails a flush as Linux does: its pages are marked clean, so that the next flush succeeds
  /// without them.
  ///
  /// Source: Rebello et al., "Can applications recover from fsync failures?",
  /// USENIX ATC 2020.
  package mutating func failFlush(_ ticket: FlushTicket) {
    guard var inode = inodes[ticket.inode] else { return }
    inodes[ticket.inode] = nil
    for index in inode.volatile.indices where ticket.writes.contains(inode.volatile[index].id) {
      inode.volatile[index].isCondemned = true
    }
    inodes[ticket.inode] = inode
  }
}
