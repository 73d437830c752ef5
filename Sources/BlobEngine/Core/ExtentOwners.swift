import Bytes

/// Which large blobs have extents in a segment, and how many bytes of them.
///
/// There is no way back from an extent to its blob on the disk, since its upload had no name yet.
/// So reclaim asks here whose extents it moves. About sixty bytes for each blob and segment,
/// against the megabyte or more that such a blob has.
struct ExtentOwners {
  private var segments: [UInt64: [SHA256Digest: UInt64]] = [:]

  /// The blobs with extents in a segment, in a stable order.
  func owners(in segment: UInt64) -> [SHA256Digest] {
    segments[segment]?.keys.sorted() ?? []
  }

  /// The bytes of extents in a segment that blobs lead to.
  func byteCount(in segment: UInt64) -> UInt64 {
    segments[segment]?.values.reduce(0, +) ?? 0
  }

  /// The bytes of extents that a blob has in all segments.
  ///
  /// - Complexity: O(*n*) in the number of segments with extents.
  func byteCount(of owner: SHA256Digest) -> UInt64 {
    segments.values.reduce(0) { $0 + ($1[owner] ?? 0) }
  }

  mutating func add(_ owner: SHA256Digest, of extents: [ExtentReference]) {
    for extent in extents {
      segments[extent.segmentID, default: [:]][owner, default: 0] += extent.recordByteCount
    }
  }

  mutating func remove(_ extent: ExtentReference, of owner: SHA256Digest) {
    guard let byteCount = segments[extent.segmentID]?[owner] else { return }
    let rest = byteCount - min(byteCount, extent.recordByteCount)
    segments[extent.segmentID]?[owner] = rest == 0 ? nil : rest
    if segments[extent.segmentID]?.isEmpty == true { segments[extent.segmentID] = nil }
  }

  /// Forgets a blob, and returns the bytes it had in each segment.
  ///
  /// - Complexity: O(*n*) in the number of segments with extents.
  mutating func removeAll(of owner: SHA256Digest) -> [(segment: UInt64, byteCount: UInt64)] {
    let found = segments.compactMap { segment, owners in
      owners[owner].map { (segment: segment, byteCount: $0) }
    }
    for (segment, _) in found {
      segments[segment]?[owner] = nil
      if segments[segment]?.isEmpty == true { segments[segment] = nil }
    }
    return found
  }
}
