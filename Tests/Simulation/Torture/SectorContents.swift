package import Bytes
import BlobEngine
package import Disk

/// What a sector is part of, found by reading the medium as it was before the sector rotted.
///
/// Without an engine: an oracle that asked the engine would believe whatever it says.
package struct SectorContents {
  /// The names of the blobs that have bytes in the sector: of their record, or of a piece of them.
  package private(set) var names: Set<SHA256Digest> = []
  /// The names of those whose tombstone is there.
  package private(set) var buried: Set<SHA256Digest> = []
  /// Whether it lies in the last batch of a segment without a trailer: there a rotten sector looks
  /// like the write that a crash tore.
  package private(set) var looksTorn = false

  package init(of file: StoreFile, at offset: UInt64, in medium: SimulatedMedium) {
    guard let header = medium.segmentHeader(of: file) else { return }
    let sector = offset..<(offset + UInt64(SimulatedPage.sectorByteCount))
    let batches = medium.batches(of: file)
    var pieces: Set<UInt64> = []
    var chunks: Set<SHA256Digest> = []
    for record in batches.flatMap(\.records) where record.range.overlaps(sector) {
      switch record.head.type {
      case .extent: pieces.insert(record.range.lowerBound)
      case .blob where record.head.flags.contains(.chunk): chunks.insert(record.head.key)
      case .blob, .blobOf, .recipe: names.insert(record.head.key)
      case .tombstone: buried.insert(record.head.key)
      default: break
      }
    }
    names.formUnion(medium.owners(ofPiecesAt: pieces, in: header.segmentID))
    names.formUnion(medium.owners(of: chunks))
    looksTorn = batches.last?.range.overlaps(sector) == true && !medium.hasTrailer(file)
  }
}

extension SimulatedMedium {
  /// The blobs whose recipes name one of these chunks.
  fileprivate func owners(of chunks: Set<SHA256Digest>) -> [SHA256Digest] {
    guard !chunks.isEmpty else { return [] }
    return files.keys.flatMap { batches(of: $0) }.flatMap(\.records)
      .filter { $0.items.runs.contains { $0.source.map { chunks.contains($0) } ?? false } }
      .map(\.head.key)
  }

  /// The blobs whose lists name a piece at one of these offsets of a segment.
  fileprivate func owners(ofPiecesAt offsets: Set<UInt64>, in segment: UInt64) -> [SHA256Digest] {
    guard !offsets.isEmpty else { return [] }
    return files.keys.flatMap { batches(of: $0) }.flatMap(\.records)
      .filter { record in
        record.items.extents.contains { $0.segmentID == segment && offsets.contains($0.offset) }
      }
      .map(\.head.key)
  }
}
