/// Makes small package archives: tar in gzip, without compression.
struct NpmTarball {
  var files: [(path: String, bytes: [UInt8])]

  /// A package with a manifest and one module.
  init(_ manifest: String, folder: String = "package", module: String = "exports.value = 1\n") {
    files = [
      ("\(folder)/package.json", Array(manifest.utf8)), ("\(folder)/index.js", Array(module.utf8)),
    ]
  }

  var tar: [UInt8] {
    files.flatMap { Self.member($0.path, $0.bytes) } + [UInt8](repeating: 0, count: 1024)
  }

  var bytes: [UInt8] { Self.gzip(tar) }

  private static func member(_ path: String, _ bytes: [UInt8]) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
      for (index, byte) in text.utf8.enumerated() { block[offset + index] = byte }
    }
    func octal(_ value: Int, _ width: Int) -> String {
      let digits = String(value, radix: 8)
      return String(repeating: "0", count: width - digits.count) + digits
    }
    put(String(path.prefix(100)), at: 0)
    put(octal(0o644, 7), at: 100)
    put(octal(bytes.count, 11), at: 124)
    put("        ", at: 148)
    put("0", at: 156)
    put("ustar", at: 257)
    put("00", at: 263)
    put(octal(block.reduce(0) { $0 + Int($1) }, 6) + "\0 ", at: 148)
    return block + bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
  }

  /// RFC 1952, with the stored blocks of RFC 1951 section 3.2.4.
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    var rest = bytes[...]
    repeat {
      let piece = rest.prefix(65_535)
      rest = rest.dropFirst(piece.count)
      let count = UInt16(piece.count)
      output += [rest.isEmpty ? 1 : 0, UInt8(count & 255), UInt8(count >> 8)]
      output += [UInt8(~count & 255), UInt8(~count >> 8)] + piece
    } while !rest.isEmpty
    for value in [checksum(bytes), UInt32(truncatingIfNeeded: bytes.count)] {
      output += (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }
    return output
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var value = UInt32.max
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    return ~value
  }
}
