import Bytes
import Codec

/// A position that moves over the fields of a structure as they are read.
///
/// The span stays with the caller, since a value that holds one could not be returned. Fixed
/// structures are read only after their size was checked, so a field outside is the program's
/// mistake and traps; anything whose length comes from the bytes is checked by its decoder first.
struct FieldReader {
  private(set) var position: Int

  init(at position: Int = 0) {
    self.position = position
  }

  mutating func next<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: T.Type,
    in bytes: Span<UInt8>
  ) -> T {
    defer { position += T.bitWidth / 8 }
    return bytes.littleEndian(at: position, as: T.self)
  }

  mutating func array(_ count: Int, in bytes: Span<UInt8>) -> [UInt8] {
    defer { position += count }
    return bytes.extracting(position..<(position + count)).makeArray()
  }

  mutating func key(in bytes: Span<UInt8>) -> SHA256Digest {
    defer { position += SHA256Digest.byteCount }
    return bytes.sha256Digest(at: position)
  }

  /// Moves to `end` and says whether all that was passed over is zero.
  mutating func passZeroes(upTo end: Int, in bytes: Span<UInt8>) -> Bool {
    defer { position = end }
    return bytes.extracting(position..<end).isZero
  }
}
