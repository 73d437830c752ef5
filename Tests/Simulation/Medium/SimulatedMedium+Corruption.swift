package import Disk

// Damage that happens to bytes at rest.
extension SimulatedMedium {
  /// Changes the byte at `offset` by exclusive-or with `mask`, for good.
  ///
  /// - Returns: whether the file has such a byte.
  @discardableResult
  package mutating func corrupt(_ file: StoreFile, at offset: UInt64, by mask: UInt8) -> Bool {
    change(file, offset..<(offset &+ 1)) { bytes in bytes[0] ^= mask }
  }

  /// Puts `replacement` in place of the bytes from `offset` on, for good.
  ///
  /// - Returns: whether the file has these bytes.
  @discardableResult
  package mutating func overwrite(
    _ file: StoreFile,
    at offset: UInt64,
    with replacement: [UInt8]
  ) -> Bool {
    change(file, offset..<(offset &+ UInt64(replacement.count))) { bytes in bytes = replacement }
  }

  /// Takes a file away as if it had never been there.
  package mutating func lose(_ file: StoreFile) {
    names[file] = nil
    durableNames[file] = nil
    nameChanges.removeAll { $0.file == file }
    dropUnreachable()
  }

  private mutating func change(
    _ file: StoreFile,
    _ range: Range<UInt64>,
    _ body: (inout [UInt8]) -> Void
  ) -> Bool {
    guard let id = names[file], var inode = inodes[id], range.upperBound <= inode.byteCount
    else { return false }
    inodes[id] = nil
    let bounds = Int(range.lowerBound)..<Int(range.upperBound)
    inode.current.change(bounds, body)
    inode.durable.change(bounds, body)
    inodes[id] = inode
    return true
  }
}

extension PageTable {
  /// Changes the bytes of a range in place.
  mutating func change(_ range: Range<Int>, _ body: (inout [UInt8]) -> Void) {
    let first = range.lowerBound / SimulatedPage.byteCount
    let last = (max(range.lowerBound, range.upperBound - 1)) / SimulatedPage.byteCount
    let start = first * SimulatedPage.byteCount
    var bytes = bytes(in: start..<(last + 1) * SimulatedPage.byteCount)
    var part = Array(bytes[range.lowerBound - start..<range.upperBound - start])
    body(&part)
    bytes.replaceSubrange(range.lowerBound - start..<range.upperBound - start, with: part)
    for (index, page) in SimulatedPage.cut(bytes).enumerated() {
      self[first + index] = page
    }
  }
}
