package import FormatRules

/// A zip archive of stored members, and the lies that one can tell (APPNOTE 4.3).
package struct TestZip {
  package struct Member {
    package var name: String
    package var bytes: [UInt8]
    /// The Unix mode, as archivers leave it in the upper half of the external attributes.
    package var mode: UInt32 = 0o100644
    /// A length in the directory other than the true one.
    package var declaredByteCount: UInt32?
    /// 0 for stored; 8 says that ``bytes`` are deflated already.
    package var method: UInt16 = 0
    /// A compressed length in the directory other than the true one.
    package var declaredCompressedByteCount: UInt32?

    package init(
      name: String,
      bytes: [UInt8],
      declaredByteCount: UInt32? = nil,
      method: UInt16 = 0
    ) {
      self.name = name
      self.bytes = bytes
      self.declaredByteCount = declaredByteCount
      self.method = method
    }
  }

  package var members: [Member]
  /// Whether all members' directory entries point to the first one's data.
  package var overlaps = false

  package init(_ members: [(name: String, text: String)]) {
    self.members = members.map { Member(name: $0.name, bytes: Array($0.text.utf8)) }
  }

  /// The archive, as readers of archives with a directory take it.
  package var source: ByteSource { ByteSource(bytes) }

  package var bytes: [UInt8] {
    var data: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      let offset = overlaps ? 0 : UInt32(data.count)
      var checksum = CRC32()
      checksum.update(member.bytes)
      let common =
        Self.short(0) + Self.short(member.method) + Self.word(0) + Self.word(checksum.value)
        + Self.word(member.declaredCompressedByteCount ?? UInt32(member.bytes.count))
        + Self.word(member.declaredByteCount ?? UInt32(member.bytes.count))
        + Self.short(UInt16(member.name.utf8.count)) + Self.short(0)
      data += Self.word(0x0403_4B50) + Self.short(20) + common
      data += Array(member.name.utf8) + member.bytes
      directory += Self.word(0x0201_4B50) + Self.short(0x0314) + Self.short(20) + common
      directory += Self.short(0) + Self.short(0) + Self.short(0) + Self.word(member.mode << 16)
      directory += Self.word(offset) + Array(member.name.utf8)
    }
    return data + directory + Self.word(0x0605_4B50) + Self.short(0) + Self.short(0)
      + Self.short(UInt16(members.count)) + Self.short(UInt16(members.count))
      + Self.word(UInt32(directory.count)) + Self.word(UInt32(data.count)) + Self.short(0)
  }

  private static func short(_ value: UInt16) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)]
  }

  private static func word(_ value: UInt32) -> [UInt8] {
    short(UInt16(truncatingIfNeeded: value)) + short(UInt16(value >> 16))
  }
}
