/// Whether trying to compress bytes can pay, told from how they begin.
///
/// Zstandard over stored wheels and source archives saves 0 to 6 %: formats that compress already
/// are stored as they are.
package enum Compressibility: Hashable, Sendable {
  /// The bytes are of a format that compresses: store them raw.
  case compressedAlready
  /// Nothing is known: compress a sample and see.
  case worthTrying

  /// The bytes that decide: what the longest signature needs.
  package static let sniffedByteCount = 12

  /// The smallest saving that is worth reading back through a decompressor: an eighth.
  package static let leastSavingDivisor = 8

  /// Returns the most bytes that `byteCount` may become to be stored compressed.
  package static func limit(of byteCount: Int) -> Int {
    byteCount - byteCount / leastSavingDivisor - (byteCount % leastSavingDivisor == 0 ? 0 : 1)
  }

  /// Looks at the first bytes; ``sniffedByteCount`` of them suffice.
  package init(sniffing start: Span<UInt8>) {
    let isKnown = Self.signatures.contains { $0.matches(start) }
    self = isKnown ? .compressedAlready : .worthTrying
  }

  /// Bytes that a format has at one offset, with the document that says so.
  private struct Signature {
    let offset: Int
    let bytes: [UInt8]

    init(_ bytes: [UInt8], at offset: Int = 0) {
      self.offset = offset
      self.bytes = bytes
    }

    func matches(_ start: Span<UInt8>) -> Bool {
      guard start.count >= offset + bytes.count else { return false }
      for index in bytes.indices where start[offset + index] != bytes[index] { return false }
      return true
    }
  }

  private static let signatures = [
    // gzip: RFC 1952 section 2.3.1, deflate being the only method there is.
    Signature([0x1F, 0x8B, 0x08]),
    // zip and its family (wheels, jars, nupkgs): PKWARE APPNOTE 4.3.7; empty: 4.3.16; spanned: 8.5.
    Signature([0x50, 0x4B, 0x03, 0x04]),
    Signature([0x50, 0x4B, 0x05, 0x06]),
    Signature([0x50, 0x4B, 0x07, 0x08]),
    // Zstandard: RFC 8878 section 3.1.1.
    Signature([0x28, 0xB5, 0x2F, 0xFD]),
    // xz: the .xz file format 1.2.0, section 2.1.1.1.
    Signature([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
    // bzip2: its manual, "BZh" and then the block size; the first block's magic settles it.
    Signature([0x42, 0x5A, 0x68]),
    // LZ4 frame format 1.6.2, and the legacy frame.
    Signature([0x04, 0x22, 0x4D, 0x18]),
    Signature([0x02, 0x21, 0x4C, 0x18]),
    // 7z: 7zFormat.txt of the LZMA SDK.
    Signature([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
    // RAR 1.5 and later: RAR 5.0 archive format.
    Signature([0x52, 0x61, 0x72, 0x21, 0x1A, 0x07]),
    // PNG: W3C PNG specification, section 5.2.
    Signature([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
    // JPEG: ITU-T T.81 annex B, start of image and a marker.
    Signature([0xFF, 0xD8, 0xFF]),
    // GIF: GIF89a specification, section 17.
    Signature(Array("GIF8".utf8)),
    // WebP: RFC 9649 section 2.4.
    Signature(Array("WEBP".utf8), at: 8),
    // WOFF 1.0 section 3 and WOFF 2.0 section 4.1.
    Signature(Array("wOFF".utf8)),
    Signature(Array("wOF2".utf8)),
    // MP4 and its family: ISO/IEC 14496-12 section 4.3, the first box is the file type.
    Signature(Array("ftyp".utf8), at: 4),
    // Matroska and WebM: RFC 8794 section 11.2.1, the EBML head.
    Signature([0x1A, 0x45, 0xDF, 0xA3]),
    // Ogg: RFC 3533 section 6.
    Signature(Array("OggS".utf8)),
    // Snappy framing format, section 4.1.
    Signature([0xFF, 0x06, 0x00, 0x00, 0x73, 0x4E, 0x61, 0x50, 0x70, 0x59]),
  ]
}
