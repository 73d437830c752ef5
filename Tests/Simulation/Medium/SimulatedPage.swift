import Bytes
import Disk

/// The geometry of the simulated platters, and what is done to single pages of them.
///
/// A page is an array of ``byteCount`` bytes, shared between all the versions of a medium that
/// have it; nil stands for a page of zeroes.
package enum SimulatedPage {
  /// What a medium stores at once, in bytes; writes are whole pages by contract 3 of `Disk`.
  package static let byteCount = DiskBuffer.alignment
  /// What survives or is lost as one at a power cut, in bytes.
  package static let sectorByteCount = 512
  /// 4096 / 512 = 8.
  package static let sectorCount = byteCount / sectorByteCount
  /// A bit for each sector of a page.
  package static let allSectors = UInt8.max

  static let zeroes = [UInt8](repeating: 0, count: byteCount)

  /// Returns the page that has the sectors of `mask` from `new` and the others from `old`.
  static func mix(old: [UInt8]?, new: [UInt8], sectors mask: UInt8) -> [UInt8]? {
    if mask == allSectors { return new }
    if mask == 0 { return old }
    var page = old ?? zeroes
    for sector in 0..<sectorCount where mask & (1 << UInt8(sector)) != 0 {
      page.replaceSubrange(range(ofSector: sector), with: new[range(ofSector: sector)])
    }
    return page
  }

  /// Returns a bit for each sector in which the two pages differ.
  static func difference(_ old: [UInt8]?, _ new: [UInt8]) -> UInt8 {
    let before = old ?? zeroes
    var mask: UInt8 = 0
    for sector in 0..<sectorCount {
      let range = range(ofSector: sector)
      if !before.span.extracting(range).hasSameBytes(as: new.span.extracting(range)) {
        mask |= 1 << UInt8(sector)
      }
    }
    return mask
  }

  static func range(ofSector sector: Int) -> Range<Int> {
    sector * sectorByteCount..<(sector + 1) * sectorByteCount
  }

  /// Cuts whole pages from bytes.
  ///
  /// - Precondition: the bytes are whole pages.
  static func cut(_ bytes: [UInt8]) -> [[UInt8]] {
    precondition(bytes.count % byteCount == 0, "the bytes are whole pages")
    if bytes.count == byteCount { return [bytes] }
    return stride(from: 0, to: bytes.count, by: byteCount).map { Array(bytes[$0..<$0 + byteCount]) }
  }
}
