package import Disk

// Where on the medium there is anything.
extension SimulatedMedium {
  /// The offsets of the sectors of a file that are not all zeroes, in bytes.
  package func writtenSectors(of file: StoreFile) -> [UInt64] {
    guard let id = names[file], let inode = inodes[id] else { return [] }
    return inode.current.indices.flatMap { index -> [UInt64] in
      guard let page = inode.current[index] else { return [] }
      let mask = SimulatedPage.difference(nil, page)
      let start = UInt64(index * SimulatedPage.byteCount)
      return (0..<SimulatedPage.sectorCount).filter { mask & (1 << UInt8($0)) != 0 }
        .map { start + UInt64($0 * SimulatedPage.sectorByteCount) }
    }
  }
}
