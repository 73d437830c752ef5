import FormatRules

/// A crate as `cargo publish` sends it.
struct TestCrate {
  var name = "Lab_Leaf"
  var version = "0.1.0"
  /// What the manifest says, where it is not what the request says.
  var manifestName: String?
  /// More members of the archive: path and type of each.
  var extraMembers: [(path: String, type: Character)] = []

  var archive: [UInt8] {
    let folder = "\(name)-\(version)"
    let manifest = "[package]\nname = \"\(manifestName ?? name)\"\nversion = \"\(version)\"\n"
    var tar = Self.member("\(folder)/Cargo.toml", Array(manifest.utf8))
    for extra in extraMembers { tar += Self.member(extra.path, [], type: extra.type) }
    return Self.gzip(tar + [UInt8](repeating: 0, count: 1024))
  }

  var body: [UInt8] {
    let json =
      #"{"name":"\#(name)","vers":"\#(version)","deps":[],"features":{},"description":"D"}"#
    return Self.framed(Array(json.utf8)) + Self.framed(archive)
  }

  private static func framed(_ bytes: [UInt8]) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: bytes.count >> ($0 * 8)) } + bytes
  }

  /// A member of a tape archive.
  static func member(_ path: String, _ content: [UInt8], type: Character = "0") -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
      for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
    }
    put(path, at: 0)
    put("0000644", at: 100)
    let size = String(content.count, radix: 8)
    put(String(repeating: "0", count: 11 - size.count) + size, at: 124)
    put("        ", at: 148)
    put(String(type), at: 156)
    put("ustar\u{0}00", at: 257)
    let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
    put(String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ", at: 148)
    let padding = (512 - content.count % 512) % 512
    return header + content + [UInt8](repeating: 0, count: padding)
  }

  /// One stored block (RFC 1951 section 3.2.4) in the frame of RFC 1952.
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    let length = UInt16(bytes.count)
    var out: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 1]
    for word in [length, ~length] {
      out += [UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8)]
    }
    var checksum: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      checksum ^= UInt32(byte)
      for _ in 0..<8 {
        checksum = checksum & 1 == 1 ? 0xEDB8_8320 ^ (checksum >> 1) : checksum >> 1
      }
    }
    out += bytes
    for word in [~checksum, UInt32(bytes.count)] {
      out += (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
    }
    return out
  }
}
