import Bytes
import Codec

/// Writes zip archives (PKWARE APPNOTE 6.3), well-formed as far as their structure goes: nobody
/// here looks at what a member decompresses to.
package struct ArchiveWriter {
  /// Where each member's bytes lie.
  package private(set) var ranges: [Range<Int>] = []
  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []

  package init() {}

  /// What a member with a name of `nameByteCount` bytes takes besides its own bytes.
  package static func overhead(nameByteCount: Int) -> Int { 30 + 46 + 2 * nameByteCount }
  /// What the end record takes.
  package static let endByteCount = 22

  package mutating func append(_ content: [UInt8], named name: String) {
    let offset = bytes.count
    // Nobody here computes a CRC-32; what counts is that different members have different ones.
    let digest = SHA256Stream.digest(of: content.span)
    let checksum = (0..<4).map { digest.bytes[$0] }
    let sizes = [UInt32(content.count), UInt32(content.count)]
    let fields = Self.fields + checksum + sizes.flatMap { Self.little($0) }
    bytes += Self.little(UInt32(0x0403_4B50)) + fields
    bytes += Self.little(UInt16(name.utf8.count)) + Self.little(UInt16(0)) + Array(name.utf8)
    ranges.append(bytes.count..<(bytes.count + content.count))
    bytes += content
    directory += Self.little(UInt32(0x0201_4B50)) + Self.little(UInt16(20)) + fields
    directory += Self.little(UInt16(name.utf8.count))
    directory += [UInt8](repeating: 0, count: 12) + Self.little(UInt32(offset)) + Array(name.utf8)
  }

  /// The archive.
  package func finished() -> [UInt8] {
    let count = Self.little(UInt16(truncatingIfNeeded: ranges.count))
    var end = Self.little(UInt32(0x0605_4B50)) + Self.little(UInt32(0)) + count + count
    end += Self.little(UInt32(directory.count)) + Self.little(UInt32(bytes.count))
    return bytes + directory + end + Self.little(UInt16(0))
  }

  /// Version, flags, method (deflate), time and date.
  private static let fields =
    little(UInt16(20)) + little(UInt16(0)) + little(UInt16(8)) + little(UInt32(0x58DA_6000))

  private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
    (0..<(value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
}
