package import Bytes
import Codec

/// A small blob, ready for the log.
package struct PreparedBlob: Sendable {
  /// What the engine calls the blob: its SHA-256, or in a scope a name made of it.
  package let key: SHA256Digest
  /// The SHA-256 of the blob's bytes.
  package let digest: SHA256Digest
  /// The blob's size, in bytes.
  package let byteCount: Int
  private(set) var stored: StoredBytes
  package let probe: ContentProbe
  /// Whether recipes share the bytes, and callers do not see them.
  let isChunk: Bool
  /// The digests that the blob's record is to have.
  private(set) var digests = PreparedDigests()

  init(
    key: SHA256Digest,
    digest: SHA256Digest,
    byteCount: Int,
    stored: StoredBytes,
    probe: ContentProbe,
    isChunk: Bool = false
  ) {
    self.key = key
    self.digest = digest
    self.byteCount = byteCount
    self.stored = stored
    self.probe = probe
    self.isChunk = isChunk
  }

  /// The bytes that go to the log.
  package var payload: ArraySlice<UInt8> { stored.payload }

  /// The blob with digests that go to the log with it.
  package func with(_ digests: PreparedDigests) -> PreparedBlob {
    guard !digests.kinds.isEmpty else { return self }
    var result = self
    result.digests = digests
    result.stored.add(digests)
    return result
  }
}

/// A piece of an upload, ready for the log.
package struct PreparedExtent: Sendable {
  /// What the piece was sealed as, and has to be called; nil when it is not sealed.
  let name: ExtentName?
  /// The piece's size in the blob, in bytes; at most ``Preparer/extentByteCount``.
  package let byteCount: Int
  let stored: StoredBytes

  /// The bytes that go to the log.
  package var payload: ArraySlice<UInt8> { stored.payload }
}

/// The keyed XXH3-128 of a blob's first 64 KiB: a hint that the blob may be present, never proof.
package struct ContentProbe: Hashable, Sendable {
  package let low: UInt64
  package let high: UInt64
}

/// The payload of a record with what its head and extension say of it.
struct StoredBytes: Sendable {
  /// The bytes that go to the log; a part of what the caller put, where they are stored as is.
  let payload: ArraySlice<UInt8>
  let isCompressed: Bool
  let isSealed: Bool
  let digest: UInt64
  /// The record's extension: digests, block digests, frames, seal and tags.
  private(set) var tail: [UInt8]
  private(set) var items: RecordExtension

  init(
    _ payload: ArraySlice<UInt8>,
    frames: FrameTable?,
    seal: Sealer.Sealed? = nil,
    checksum: Checksum
  ) {
    let sums = PayloadDigest(of: payload.span, checksum: checksum)
    var items = RecordExtension()
    items.blockDigests = sums.blocks
    items.frames = frames
    items.seal = seal?.seal
    items.tags = seal?.tags ?? []
    self.payload = payload
    self.isCompressed = frames != nil
    self.isSealed = seal != nil
    self.digest = sums.digest
    self.items = items
    self.tail = items.encode()
  }

  /// Encrypts what is stored as the payload of a record, in a scope.
  init(
    _ payload: ArraySlice<UInt8>,
    as subject: SealSubject,
    by sealer: Sealer?,
    checksum: Checksum
  ) {
    let seal = sealer?.seal(payload, of: subject)
    self.init(
      seal?.payload[...] ?? payload,
      frames: subject.frames,
      seal: seal,
      checksum: checksum
    )
  }

  mutating func add(_ digests: PreparedDigests) {
    digests.store(in: &items)
    tail = items.encode()
  }
}

/// The name that makes an upload's pieces a blob, ready for the log.
package struct PreparedName: Sendable {
  /// What the engine calls the blob: its SHA-256, or in a scope a name made of it.
  package let key: SHA256Digest
  let seal: Sealer.Sealed?
  /// The digests that the blob's record is to have.
  package var digests = PreparedDigests()

  /// A blob that is not sealed.
  package init(_ digest: SHA256Digest) {
    self.key = digest
    self.seal = nil
  }

  init(_ key: SHA256Digest, _ seal: Sealer.Sealed) {
    self.key = key
    self.seal = seal
  }
}
