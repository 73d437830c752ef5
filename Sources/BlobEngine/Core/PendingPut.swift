import Bytes

/// A blob's record on its way to the log, and what is to be done once it is there.
struct PendingPut {
  let head: RecordHead
  let tail: [UInt8]
  let payload: ArraySlice<UInt8>
  let probe: ContentProbe?
  /// The extents that the record lists.
  let extents: [ExtentReference]

  /// A small blob.
  init(_ blob: PreparedBlob, _ durability: Durability) {
    self.head = RecordHead(
      type: .blob,
      flags: blob.isChunk ? .chunk : durability.recordFlags,
      sequence: 0,
      logicalByteCount: UInt64(blob.byteCount),
      storedByteCount: UInt64(blob.payload.count),
      key: blob.key,
      codec: blob.stored.isCompressed ? .zstandard : .raw,
      payloadDigest: blob.stored.digest
    )
    self.tail = blob.stored.tail
    self.payload = blob.payload
    self.probe = blob.isChunk ? nil : blob.probe
    self.extents = []
  }

  /// The name of an upload's extents.
  init(_ upload: Upload, key: SHA256Digest, _ durability: Durability) {
    var items = RecordExtension()
    items.extents = upload.references
    items.seal = upload.finishing?.name.seal?.seal
    items.tags = upload.finishing?.name.seal?.tags ?? []
    upload.finishing?.name.digests.store(in: &items)
    self.head = RecordHead(
      type: .blobOf,
      flags: durability.recordFlags,
      sequence: 0,
      logicalByteCount: upload.readableByteCount,
      key: key
    )
    self.tail = items.encode()
    self.payload = []
    self.probe = upload.probe
    self.extents = items.extents
  }

  func info(_ place: RecordPlace) -> BlobInfo {
    BlobInfo(
      key: head.key,
      byteCount: head.logicalByteCount,
      storedByteCount: extents.reduce(UInt64(place.byteCount)) { $0 + $1.recordByteCount },
      wasNew: true
    )
  }

  func indexPlace(_ place: RecordPlace) -> IndexPlace {
    var flags = IndexFlags(head.flags)
    if head.codec != .raw { flags.insert(.compressed) }
    return IndexPlace(
      slot: place.slot,
      offset: UInt64(place.offset),
      recordByteCount: UInt64(place.byteCount),
      kind: head.type == .blobOf ? .blobOf : .blob,
      flags: flags
    )
  }
}

extension Durability {
  var recordFlags: RecordFlags { self == .relaxed ? .relaxed : [] }
}
