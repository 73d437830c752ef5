import Disk

/// The smallest change that survives a power cut or does not, by itself.
package enum VolatileUnit: Hashable, Sendable {
  /// One sector of one page of one write, in a file by its inode.
  case sector(write: UInt64, inode: UInt64, page: Int, sector: Int)
  /// A name that came or went.
  case name(change: UInt64)
  /// The size of a file.
  case size(inode: UInt64)
}

extension SimulatedMedium {
  /// Everything that a power cut at this instant may keep or undo, oldest first.
  ///
  /// A sector that a write leaves as it was is no unit: nobody can tell what became of it.
  package var volatileUnits: [VolatileUnit] {
    var units: [(id: UInt64, unit: VolatileUnit)] = []
    for change in nameChanges {
      units.append((change.id, .name(change: change.id)))
    }
    for (id, inode) in inodes {
      if inode.isSizeVolatile { units.append((inode.sizeID, .size(inode: id))) }
      units.append(contentsOf: sectorUnits(of: inode, id))
    }
    return units.sorted { left, right in
      (left.id, left.unit.position) < (right.id, right.unit.position)
    }.map(\.unit)
  }

  private func sectorUnits(of inode: Inode, _ id: UInt64) -> [(id: UInt64, unit: VolatileUnit)] {
    var latest: [Int: [UInt8]] = [:]
    var units: [(id: UInt64, unit: VolatileUnit)] = []
    for write in inode.volatile {
      for (position, page) in write.pages.enumerated() {
        guard let page else { continue }
        let number = write.firstPage + position
        let mask = SimulatedPage.difference(latest[number] ?? inode.durable[number], page)
        latest[number] = page
        for sector in 0..<SimulatedPage.sectorCount where mask & (1 << UInt8(sector)) != 0 {
          units.append(
            (write.id, .sector(write: write.id, inode: id, page: number, sector: sector))
          )
        }
      }
    }
    return units
  }
}

extension VolatileUnit {
  /// The order of units of one write.
  fileprivate var position: Int {
    switch self {
    case .sector(_, _, let page, let sector): page * SimulatedPage.sectorCount + sector
    case .name, .size: 0
    }
  }
}
