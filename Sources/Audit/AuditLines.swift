import FormatRules
import Foundation

/// The whole lines of one file of the trail, compressed or not, in order.
final class AuditLines {
  private static let pieceByteCount = 256 << 10

  private let handle: FileHandle
  private var reader: GzipReader?
  private var buffer = Data()
  private var isAtEnd = false
  /// How many bytes of lines were given out, as they are uncompressed.
  private(set) var offset: UInt64 = 0

  init(_ path: String, isCompressed: Bool) throws {
    self.handle = try FileHandle(forReadingFrom: URL(filePath: path))
    self.reader = isCompressed ? GzipReader() : nil
  }

  deinit {
    try? handle.close()
  }

  /// Returns the next line without its end; nil at the end, where a line that is still being
  /// written is left alone.
  func next() throws -> Data? {
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        let line = buffer[buffer.startIndex..<end]
        buffer = buffer[(end + 1)...]
        offset += UInt64(line.count) + 1
        return Data(line)
      }
      guard !isAtEnd, try fill() else { return nil }
    }
  }

  /// Passes over what was read before.
  func skip(to offset: UInt64) throws {
    guard reader == nil else {
      while self.offset < offset, try next() != nil {}
      return
    }
    try handle.seek(toOffset: offset)
    self.offset = offset
  }

  /// Reads on; false at the end of the file.
  private func fill() throws -> Bool {
    buffer = Data(buffer)
    guard let piece = try handle.read(upToCount: Self.pieceByteCount), !piece.isEmpty else {
      isAtEnd = true
      return false
    }
    guard reader != nil else {
      buffer.append(piece)
      return true
    }
    reader?.feed([UInt8](piece))
    while let bytes = try reader?.produce(upTo: Self.pieceByteCount), !bytes.isEmpty {
      buffer.append(contentsOf: bytes)
    }
    return true
  }
}
