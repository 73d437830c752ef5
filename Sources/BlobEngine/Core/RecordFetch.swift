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
  /// A blob of a caller's: the record that holds it, lists its extents or says how it is put
  /// together.
  case key(SHA256Digest)
  /// A chunk of recipes.
  case chunk(SHA256Digest)
  /// Either of these.
  case entry(SHA256Digest)
  /// An extent.
  case sequence(UInt64)
  /// Any list of extents: what is there is asked for by its place.
  case anyList
  /// Any recipe, as above.
  case anyRecipe
  /// Any chunk, as above.
  case anyChunk
  /// Any record.
  case anything

  func matches(_ head: RecordHead) -> Bool {
    switch self {
    case .key(let key): head.key == key && head.isOfBlob && !head.isChunk
    case .chunk(let key): head.key == key && head.isChunk
    case .entry(let key): head.key == key && head.isOfBlob
    case .sequence(let sequence): head.sequence == sequence && head.type == .extent
    case .anyList: head.type == .blobOf
    case .anyRecipe: head.type == .recipe
    case .anyChunk: head.isChunk
    case .anything: true
    }
  }
}

extension RecordHead {
  /// Whether the index leads here, or did.
  var isOfBlob: Bool { type?.isOfBlob ?? false }

  /// Whether recipes share what is here.
  var isChunk: Bool { type == .blob && flags.contains(.chunk) }
}
