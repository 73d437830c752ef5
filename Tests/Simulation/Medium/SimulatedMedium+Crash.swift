import Disk

/// What a power cut does to the sectors of one volatile page.
struct SectorFate {
  /// The sectors that have the new bytes.
  var kept: UInt8
  /// The sectors that have neither the old nor the new bytes; stronger than `kept`.
  var garbled: UInt8 = 0
}

extension SimulatedMedium {
  /// Returns what a power cut at this instant leaves when exactly the units of `kept` survive.
  package func afterCrash(keeping kept: Set<VolatileUnit>) -> SimulatedMedium {
    var masks: [UInt64: [Int: UInt8]] = [:]
    for case .sector(let write, _, let page, let sector) in kept {
      masks[write, default: [:]][page, default: 0] |= 1 << UInt8(sector)
    }
    return settled(
      keepsName: { kept.contains(.name(change: $0)) },
      keepsSize: { kept.contains(.size(inode: $0)) },
      fate: { write, page in SectorFate(kept: masks[write.id]?[page] ?? 0) },
      garbage: { [] }
    )
  }

  /// Returns one of the states that a power cut at this instant may leave; which one follows from
  /// the generator.
  package func afterCrash(using generator: inout SeededGenerator) -> SimulatedMedium {
    var mood = CrashMood(using: &generator)
    var garbage = generator.split()
    return settled(
      keepsName: { _ in mood.keepsWhole() },
      keepsSize: { _ in mood.keepsWhole() },
      fate: { write, _ in mood.fate(ofWrite: write.id) },
      garbage: { garbage.bytes(SimulatedPage.sectorByteCount) }
    )
  }

  /// Returns what an orderly end of the machine leaves: everything that was completed.
  package func afterShutdown() -> SimulatedMedium {
    settled(
      keepsName: { _ in true },
      keepsSize: { _ in true },
      fate: { write, _ in
        SectorFate(kept: write.isUnderWay || write.isCondemned ? 0 : SimulatedPage.allSectors)
      },
      garbage: { [] }
    )
  }

  /// Returns what the end of the process, but not of the machine, leaves: all that was completed
  /// is there to read and is as volatile as before; what was under way was done or was not.
  package func afterKill(using generator: inout SeededGenerator) -> SimulatedMedium {
    var result = self
    for id in inodes.keys.sorted() {
      result.inodes[id]?.endVolatile { write in
        !write.isUnderWay && !write.isCondemned || generator.once(in: 2)
      }
    }
    return result
  }

  private func settled(
    keepsName: (UInt64) -> Bool,
    keepsSize: (UInt64) -> Bool,
    fate: (Inode.Write, Int) -> SectorFate,
    garbage: () -> [UInt8]
  ) -> SimulatedMedium {
    var result = self
    for change in nameChanges where keepsName(change.id) {
      result.durableNames[change.file] = change.inode
    }
    result.names = result.durableNames
    result.nameChanges = []
    result.dropUnreachable()
    for id in result.inodes.keys.sorted() {
      result.inodes[id]?.settleAll(keepingSize: { keepsSize(id) }, fate: fate, garbage: garbage)
    }
    return result
  }
}

extension Inode {
  /// Ends all volatile writes: those that `isDone` says are there, and flushes cover them.
  fileprivate mutating func endVolatile(isDone: (Write) -> Bool) {
    guard !volatile.isEmpty else { return }
    volatile.removeAll { !isDone($0) }
    current = durable
    for index in volatile.indices {
      volatile[index].isUnderWay = false
      volatile[index].isCondemned = false
      for (position, page) in volatile[index].pages.enumerated() {
        if let page { current[volatile[index].firstPage + position] = page }
      }
    }
  }

  fileprivate mutating func settleAll(
    keepingSize: () -> Bool,
    fate: (Write, Int) -> SectorFate,
    garbage: () -> [UInt8]
  ) {
    if isSizeVolatile, keepingSize() { durableByteCount = byteCount }
    byteCount = durableByteCount
    guard !volatile.isEmpty || byteCount == 0 else { return }
    for write in volatile {
      for (position, page) in write.pages.enumerated() {
        guard let page else { continue }
        apply(
          page,
          at: write.firstPage + position,
          fate(write, write.firstPage + position),
          garbage
        )
      }
    }
    volatile = []
    durable.truncate(to: (Int(byteCount) + SimulatedPage.byteCount - 1) / SimulatedPage.byteCount)
    current = durable
  }

  private mutating func apply(
    _ page: [UInt8],
    at number: Int,
    _ fate: SectorFate,
    _ garbage: () -> [UInt8]
  ) {
    durable[number] = SimulatedPage.mix(old: durable[number], new: page, sectors: fate.kept)
    guard fate.garbled != 0 else { return }
    var page = durable[number] ?? SimulatedPage.zeroes
    for sector in 0..<SimulatedPage.sectorCount where fate.garbled & (1 << UInt8(sector)) != 0 {
      page.replaceSubrange(SimulatedPage.range(ofSector: sector), with: garbage())
    }
    durable[number] = page
  }
}
