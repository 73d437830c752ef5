package import Disk

// Reading and writing: a write has a beginning and an end, and a crash may come between.

extension SimulatedMedium {
  /// Returns at most `byteCount` bytes; fewer when the file ends before.
  package func read(
    _ file: StoreFile,
    offset: UInt64,
    byteCount: Int
  ) throws(DiskError) -> [UInt8] {
    let id = try inodeID(file, for: "read")
    guard let inode = inodes[id] else { return [] }
    let end = Int(min(inode.byteCount, offset &+ UInt64(byteCount)))
    let start = min(Int(clamping: offset), end)
    return inode.current.bytes(in: start..<end)
  }

  /// Begins a write: from now on a crash may leave some of its sectors.
  ///
  /// - Precondition: offset and bytes are whole pages.
  package mutating func beginWrite(
    _ file: StoreFile,
    offset: UInt64,
    _ bytes: [UInt8]
  ) throws(DiskError) -> WriteTicket {
    precondition(offset % UInt64(SimulatedPage.byteCount) == 0, "the offset is whole pages")
    let inode = try inodeID(file, for: "write")
    let id = takeID()
    let write = Inode.Write(
      id: id,
      firstPage: Int(offset) / SimulatedPage.byteCount,
      pages: SimulatedPage.cut(bytes)
    )
    inodes[inode]?.volatile.append(write)
    return WriteTicket(inode: inode, id: id, offset: Int(offset))
  }

  /// Ends a write: reads see it.
  ///
  /// When `flushed` it is durable, and its file's size is not.
  package mutating func finishWrite(_ ticket: WriteTicket, flushed: Bool) {
    endWrite(ticket, seen: SimulatedPage.allSectors, flushed: flushed)
  }

  /// Ends a write that went wrong: reads see the first `sectorCount` sectors of it, and no flush
  /// will ever cover it.
  package mutating func failWrite(_ ticket: WriteTicket, seenSectorCount sectorCount: Int) {
    change(ticket) { inode, index in
      inode.volatile[index].isUnderWay = false
      inode.volatile[index].isCondemned = true
      let write = inode.volatile[index]
      var left = sectorCount
      for (position, page) in write.pages.enumerated() where left > 0 {
        guard let page else { continue }
        let count = min(left, SimulatedPage.sectorCount)
        let mask = UInt8(truncatingIfNeeded: (1 << count) - 1)
        let number = write.firstPage + position
        inode.current[number] = SimulatedPage.mix(
          old: inode.current[number],
          new: page,
          sectors: mask
        )
        left -= count
      }
    }
  }

  /// Forgets a write that the device reported and did not do.
  package mutating func loseWrite(_ ticket: WriteTicket) {
    change(ticket) { inode, index in _ = inode.volatile.remove(at: index) }
  }

  /// Ends a write of which only the sectors of `mask` arrived in each page.
  package mutating func tearWrite(_ ticket: WriteTicket, sectors mask: UInt8, flushed: Bool) {
    change(ticket) { inode, index in
      let write = inode.volatile[index]
      for position in write.pages.indices {
        guard let page = write.pages[position] else { continue }
        let old = inode.current[write.firstPage + position]
        inode.volatile[index].pages[position] =
          SimulatedPage.mix(old: old, new: page, sectors: mask) ?? SimulatedPage.zeroes
      }
    }
    endWrite(ticket, seen: SimulatedPage.allSectors, flushed: flushed)
  }

  private mutating func endWrite(_ ticket: WriteTicket, seen mask: UInt8, flushed: Bool) {
    change(ticket) { inode, index in
      inode.volatile[index].isUnderWay = false
      let write = inode.volatile[index]
      for (position, page) in write.pages.enumerated() {
        guard let page else { continue }
        inode.current[write.firstPage + position] = page
      }
      let end = UInt64(write.firstPage + write.pages.count) * UInt64(SimulatedPage.byteCount)
      inode.byteCount = max(inode.byteCount, end)
      if flushed { inode.settle(at: index) }
    }
  }

  private mutating func change(_ ticket: WriteTicket, _ body: (inout Inode, Int) -> Void) {
    guard var inode = inodes[ticket.inode],
      let index = inode.volatile.firstIndex(where: { $0.id == ticket.id })
    else { return }
    inodes[ticket.inode] = nil
    body(&inode, index)
    inodes[ticket.inode] = inode
  }
}
