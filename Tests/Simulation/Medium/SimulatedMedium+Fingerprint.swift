import Bytes
import Codec
import Disk

extension SimulatedMedium {
  /// A checksum of all that a store can see on the medium: its files, their sizes and bytes.
  ///
  /// Two states of one workload that share it are the same state, but for the odds of a collision
  /// of 64 bits; nobody makes them on purpose here. What is volatile does not count: meant for
  /// what a crash leaves, where nothing is.
  func fingerprint() -> UInt64 {
    var stream = ChecksumStream(.plain)
    for (file, id) in names.sorted(by: { $0.key.path < $1.key.path }) {
      stream.update(Array(file.path.utf8).span)
      inodes[id]?.add(to: &stream)
    }
    return stream.digest64()
  }
}

extension Inode {
  fileprivate func add(to stream: inout ChecksumStream) {
    stream.add(byteCount)
    for index in current.indices {
      guard let page = current[index], SimulatedPage.difference(nil, page) != 0 else { continue }
      stream.add(UInt64(index))
      stream.update(page.span)
    }
    stream.add(.max)
  }
}

extension ChecksumStream {
  fileprivate mutating func add(_ number: UInt64) {
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    update(bytes.span)
  }
}
