import Bytes
import Codec
import Testing

@testable import BlobEngine

/// What a reader gives as frames, and an independent look into it: frames and blocks are told from
/// each other as RFC 8878 section 3.1.1 has it.
struct FrameStream: Equatable {
  let isCompressed: Bool
  private(set) var bytes: [UInt8] = []
  /// What the reader says that the frames hold, in bytes.
  private(set) var byteCount = 0

  struct Frame {
    let bytes: ArraySlice<UInt8>
    /// What the frame says that it holds, in bytes.
    let contentByteCount: Int
  }

  init(of reader: BlobReader) {
    isCompressed = reader.isCompressed
  }

  init(_ part: BlobScope, _ key: SHA256Digest, range: Range<UInt64>? = nil) async throws {
    let reader = try #require(try await part.makeReader(for: key, range: range))
    self.init(of: reader)
    try await readOn(reader)
  }

  mutating func readOn(_ reader: BlobReader) async throws {
    while let piece = try await reader.nextFrames() {
      bytes += piece.bytes
      byteCount += piece.byteCount
    }
  }

  func decoded() throws -> [UInt8] {
    var decompressor = ZstandardDecompressor()
    var result: [UInt8] = []
    for frame in try frames() {
      let bytes = Array(frame.bytes)
      result += try decompressor.decompress(bytes.span, byteCount: frame.contentByteCount)
    }
    return result
  }

  func frames() throws -> [Frame] {
    var frames: [Frame] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let frame = try Self.first(in: rest)
      frames.append(frame)
      rest = rest.dropFirst(frame.bytes.count)
    }
    return frames
  }

  private static func first(in bytes: ArraySlice<UInt8>) throws -> Frame {
    var place = bytes.startIndex
    func number(_ count: Int) throws -> Int {
      try #require(bytes.endIndex - place >= count, "the frame is whole")
      defer { place += count }
      return (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }
    let magic = try number(4)
    try #require(magic == 0xFD2F_B528)
    let descriptor = try number(1)
    let isSingle = descriptor & 0x20 != 0
    try #require(descriptor & 0x1F == 0, "no checksum, no dictionary, nothing reserved")
    if !isSingle { _ = try number(1) }
    let width = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6]
    let content = try number(width) + (width == 2 ? 256 : 0)
    var isLast = false
    while !isLast {
      let head = try number(3)
      isLast = head & 1 == 1
      // A block of one byte repeated says how often, and has the byte.
      place += head >> 1 & 3 == 1 ? 1 : head >> 3
      try #require(place <= bytes.endIndex, "the frame is whole")
    }
    return Frame(bytes: bytes[..<place], contentByteCount: content)
  }
}
