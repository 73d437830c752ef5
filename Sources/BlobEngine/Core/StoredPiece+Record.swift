import Disk

extension StoredPiece {
  /// The part of a record's logical bytes inside `range`, which lies inside the record.
  ///
  /// `base` is where the record's bytes begin in the blob.
  init(
    _ fetched: FetchedRecord,
    _ range: Range<UInt64>,
    base: UInt64,
    of owner: PieceOwner,
    info: BlobInfo?,
    reader: ReaderID?
  ) {
    let plan = FramePlan(range, of: fetched.record)
    let payload = fetched.record.payload.lowerBound
    self.info = info
    self.offset = base + range.lowerBound
    self.byteCount = Int(range.count)
    self.frames = plan.frames.map { frame in
      StoredFrame(
        range: (payload + frame.stored.lowerBound)..<(payload + frame.stored.upperBound),
        isCompressed: frame.isCompressed,
        byteCount: frame.byteCount
      )
    }
    self.skip = plan.skip
    self.reader = reader
    self.place = fetched.place
    self.buffer = fetched.buffer
    self.sealed = SealedPart(fetched.record, stored: plan.stored)
    self.owner = owner
    self.base = base
    self.sources = []
  }

  /// A part of a blob that is put together from others.
  init(
    of bytes: GatheredBytes,
    _ range: Range<UInt64>,
    at place: FetchPlace,
    info: BlobInfo,
    reader: ReaderID?
  ) {
    self.info = info
    self.offset = range.lowerBound
    self.byteCount = range.count
    self.frames = [
      StoredFrame(range: 0..<range.count, isCompressed: false, byteCount: range.count)
    ]
    self.skip = 0
    self.reader = reader
    self.place = place
    switch bytes {
    case .plain(let buffer): (self.buffer, sources) = (buffer, [])
    case .sealed(let sources): (buffer, self.sources) = (nil, sources)
    }
    self.sealed = nil
    self.owner = .recipe
    self.base = 0
  }

  /// Nothing: what is to be read of an empty range.
  init(emptyAt offset: UInt64, info: BlobInfo?) {
    self.info = info
    self.offset = offset
    self.byteCount = 0
    self.frames = []
    self.skip = 0
    self.reader = nil
    self.place = FetchPlace(slot: 0, offset: 0, byteCountBound: 0)
    self.buffer = nil
    self.sealed = nil
    self.owner = .blob
    self.base = 0
    self.sources = []
  }
}
