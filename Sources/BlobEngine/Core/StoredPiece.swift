import Bytes
import Codec
package import Disk

/// A part of a blob as it is stored: verified bytes, perhaps still compressed.
package struct StoredPiece: Sendable {
  /// The whole blob's description; for an upload still growing, nil.
  package let info: BlobInfo?
  /// Where this piece begins in the blob, in bytes.
  package let offset: UInt64
  /// How many bytes the piece decodes to.
  package let byteCount: Int
  /// The stored bytes, as frames that are decoded one by one and put together.
  package let frames: [StoredFrame]
  /// Where in the first frame's bytes, once decoded, the piece begins.
  package let skip: Int
  /// Whom to ask for the next piece; nil in the last.
  package let reader: ReaderID?
  /// Where the record lies that the piece is of, for reports of damage.
  let place: FetchPlace
}

/// A run of stored bytes that decodes on its own.
package struct StoredFrame: Sendable {
  /// The memory that holds the stored bytes.
  ///
  /// It may hold other records too.
  package let buffer: DiskBuffer
  /// Where in the buffer.
  package let range: Range<Int>
  /// Whether the bytes are a zstd frame (RFC 8878) rather than the blob's bytes themselves.
  package let isCompressed: Bool
  /// How many bytes the frame decodes to.
  package let byteCount: Int
}

extension StoredPiece {
  /// Returns the piece's bytes, decompressed where they need it.
  ///
  /// Work for a worker.
  ///
  /// - Throws: ``EngineError/damaged(key:_:)`` when a frame does not decode to what it should.
  package func decoded() throws(EngineError) -> [UInt8] {
    if frames.count == 1, !frames[0].isCompressed {
      return frames[0].buffer.bytes(in: frames[0].range)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(frames.reduce(0) { $0 + $1.byteCount })
    var decompressor = ZstandardDecompressor()
    for frame in frames {
      let stored = frame.buffer.span.extracting(frame.range)
      do throws(ZstandardError) {
        bytes += try decompressor.decompress(stored, byteCount: frame.byteCount)
      } catch {
        throw damage
      }
    }
    guard bytes.count >= skip + byteCount else { throw damage }
    return skip == 0 && bytes.count == byteCount ? bytes : Array(bytes[skip..<(skip + byteCount)])
  }

  private var damage: EngineError {
    let place = BlobDamage(.encoding, slot: place.slot, offset: UInt64(place.offset))
    return .damaged(key: info?.key ?? .none, place)
  }
}
