import FormatRules
import Foundation

/// The whole lines of one file of the trail, compressed or not, in order.
///
/// A line is a range of a buffer until somebody wants it: most of a trail is looked at and passed
/// over.
final class AuditLines {
  private static let pieceByteCount = 1 << 20

  private let handle: FileHandle
  private var reader: GzipReader?
  private var buffer: [UInt8] = []
  private var start = 0
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

  /// Hands the next line, without its end, to `body`; nil at the end, where a line that is still
  /// being written is left alone.
  func next<Value>(_ body: (Span<UInt8>) throws -> Value) throws -> Value? {
    var looked = start
    while true {
      if let end = buffer.span.firstIndex(of: UInt8(ascii: "\n"), from: looked) {
        let line = start..<end
        start = end + 1
        offset += UInt64(line.count) + 1
        let bytes = buffer
        let whole = bytes.span
        return try body(whole.extracting(line))
      }
      let waiting = buffer.count - start
      guard !isAtEnd, try fill() else { return nil }
      // What was looked through before stands in front now.
      looked = waiting
    }
  }

  /// Passes over what was read before.
  func skip(to offset: UInt64) throws {
    guard reader == nil else {
      while self.offset < offset, try next({ _ in true }) != nil {}
      return
    }
    try handle.seek(toOffset: offset)
    self.offset = offset
  }

  /// Reads on; false at the end of the file.
  private func fill() throws -> Bool {
    buffer.removeSubrange(..<start)
    start = 0
    guard let piece = try handle.read(upToCount: Self.pieceByteCount), !piece.isEmpty else {
      isAtEnd = true
      return false
    }
    guard reader != nil else {
      buffer.append(contentsOf: piece)
      return true
    }
    reader?.feed([UInt8](piece))
    while let bytes = try reader?.produce(upTo: Self.pieceByteCount), !bytes.isEmpty {
      buffer.append(contentsOf: bytes)
    }
    return true
  }
}

extension Span<UInt8> {
  /// Returns where `byte` stands first, from `start` on.
  func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    var index = start
    while index < count {
      if self[index] == byte { return index }
      index += 1
    }
    return nil
  }

  /// Returns where `needle` begins first; the start for an empty one.
  func firstIndex(of needle: [UInt8]) -> Int? {
    guard let first = needle.first else { return 0 }
    let letters = needle.span
    var index = 0
    while index + letters.count <= count {
      if self[index] == first, isEqual(letters, at: index) { return index }
      index += 1
    }
    return nil
  }

  private func isEqual(_ letters: Span<UInt8>, at start: Int) -> Bool {
    var offset = 1
    while offset < letters.count {
      if self[start + offset] != letters[offset] { return false }
      offset += 1
    }
    return true
  }
}
