import Bytes
import Disk

/// How much of a record a reader needs.
enum FetchExtent {
  /// Head and extension.
  case head
  /// The payload bytes that hold this part of the logical bytes; nil: all.
  case logical(Range<UInt64>?)
}

/// Where a record should be, and how many bytes from there hold all of it.
struct FetchPlace: Hashable, Sendable {
  let slot: UInt32
  let offset: Int
  let byteCountBound: Int
}

/// A record that was read and verified, as far as it was asked for.
struct FetchedRecord {
  let record: Record
  /// The memory that holds it; `record.position` counts from its start.
  let buffer: DiskBuffer
  let place: FetchPlace
}

enum FetchOutcome {
  case found(FetchedRecord)
  /// There is a good record, and it is not the one that was asked for.
  case other
  case damaged(BlobDamage)
}

/// What makes a record the one that was asked for.
enum FetchName {
  /// A blob or the list of a large one's extents.
  case key(SHA256Digest)
  /// An extent.
  case sequence(UInt64)
  /// Any list of extents: what is there is asked for by its place.
  case anyList
  /// Any record.
  case anything

  func matches(_ head: RecordHead) -> Bool {
    switch self {
    case .key(let key): head.key == key && (head.type == .blob || head.type == .blobOf)
    case .sequence(let sequence): head.sequence == sequence && head.type == .extent
    case .anyList: head.type == .blobOf
    case .anything: true
    }
  }
}
