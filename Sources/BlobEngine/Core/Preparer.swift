package import Bytes
import Codec

/// Makes the bytes of a put ready for the log: hashes, compresses, sums up.
///
/// The costly part of a put (1.4 GB/s for the SHA-256, 70–185 MB/s for compression where it pays),
/// so it belongs on a worker and not on the engine's thread. Cheap to copy.
package struct Preparer: Sendable {
  /// The largest blob that is one record; larger ones are uploads.
  ///
  /// In bytes.
  package let inlineByteLimit: Int
  /// The size of an upload's pieces but for the last, in bytes.
  package let extentByteCount: Int
  /// Whether bytes are compressed where that pays.
  package let compresses: Bool
  /// The store that bytes are prepared for.
  package let storeID: StoreIdentifier
  private let epoch: UInt64
  let checksum: Checksum
  private var sealer: Sealer?

  /// The bytes of a blob that its probe is made of.
  package static let probedByteCount = 64 * 1024
  /// Below this a frame's own overhead eats what it saves.
  private static let leastCompressedByteCount = 256
  private static let sampleByteCount = 128 * 1024
  private static let frameByteCount = 256 * 1024
  private static let largeFrameByteCount = 1024 * 1024
  /// Where in a blob frames begin to be large ones, which take 2.4 to 10.5 % fewer bytes.
  ///
  /// Who reads a part of so large a blob seldom reads so little that the decompression of a MiB
  /// counts (0.7 ms, where 256 KiB take 0.2).
  private static let largeFrameStart: UInt64 = 16 << 20

  init(checksum: Checksum, limits: EngineLimits, compresses: Bool, superblock: Superblock) {
    self.checksum = checksum
    self.inlineByteLimit = limits.extentByteCount
    self.extentByteCount = limits.extentByteCount
    self.compresses = compresses
    self.storeID = superblock.storeID
    self.epoch = superblock.epoch
    self.sealer = nil
  }

  /// Returns a preparer that encrypts what it prepares, for a store that announces encryption.
  package func sealing(with sealer: Sealer) -> Preparer {
    var result = self
    result.sealer = sealer
    return result
  }

  /// Hashes a small blob, and compresses it where that pays.
  ///
  /// - Precondition: at most ``inlineByteLimit`` bytes.
  package func blob(_ bytes: [UInt8]) -> PreparedBlob {
    blob(bytes, key: SHA256Stream.digest(of: bytes.span))
  }

  /// As ``blob(_:)``, for a caller that has hashed the bytes already.
  package func blob(_ bytes: [UInt8], key: SHA256Digest) -> PreparedBlob {
    precondition(bytes.count <= inlineByteLimit, "a larger blob is an upload")
    let name = name(of: key)
    return PreparedBlob(
      key: name,
      digest: key,
      byteCount: bytes.count,
      stored: stored(bytes[...], as: .blob, key: name),
      probe: probe(bytes.span.extracting(0..<min(bytes.count, Self.probedByteCount)))
    )
  }

  /// Compresses a piece of an upload where that pays.
  ///
  /// - Parameters:
  ///   - bytes: the piece.
  ///   - upload: what the piece is of; sealing needs to know.
  ///   - ordinal: how many pieces came before it, in the order in which they are appended.
  ///   - offset: how many bytes they have.
  /// - Returns: the piece, ready for the log at that place and no other.
  /// - Precondition: at most ``extentByteCount`` bytes, and exactly that many but for the last.
  package func extent(
    _ bytes: ArraySlice<UInt8>,
    of upload: UploadID,
    ordinal: Int,
    offset: UInt64
  ) -> PreparedExtent {
    precondition(bytes.count <= extentByteCount, "a piece has a bounded size")
    let name = ExtentName(
      epoch: epoch,
      stream: upload.number,
      ordinal: UInt64(ordinal),
      logicalOffset: offset
    )
    return PreparedExtent(
      name: sealer == nil ? nil : name,
      byteCount: bytes.count,
      stored: stored(
        bytes,
        as: .extent,
        key: name.key,
        framesOf: offset < Self.largeFrameStart ? Self.frameByteCount : Self.largeFrameByteCount
      )
    )
  }

  /// As ``extent(_:of:ordinal:offset:)``, of a piece that is not sealed.
  package func extent(_ bytes: [UInt8]) -> PreparedExtent {
    precondition(sealer == nil, "a sealed piece knows its place")
    return extent(bytes[...], of: UploadID(number: 0), ordinal: 0, offset: 0)
  }

  /// Returns what the engine calls the blob that has a SHA-256.
  package func name(of digest: SHA256Digest) -> SHA256Digest {
    sealer?.name(of: digest) ?? digest
  }

  /// Returns what the engine calls the chunk that has a SHA-256.
  func chunkName(of digest: SHA256Digest) -> SHA256Digest {
    sealer?.chunkName(of: digest) ?? ChunkName.key(of: digest)
  }

  /// Returns the name that ends an upload.
  ///
  /// - Parameters:
  ///   - digest: the SHA-256 of all its bytes.
  ///   - upload: the upload.
  ///   - extentCount: how many pieces it has.
  ///   - byteCount: how many bytes they have.
  /// - Returns: the name, with what binds the list of pieces to it in a scope.
  package func name(
    _ digest: SHA256Digest,
    of upload: UploadID,
    extentCount: Int,
    byteCount: UInt64
  ) -> PreparedName {
    guard let sealer else { return PreparedName(digest) }
    let key = sealer.name(of: digest)
    let subject = SealSubject(
      type: .blobOf,
      codec: .raw,
      key: key,
      logicalByteCount: byteCount,
      storedByteCount: 0,
      list: SealedListSubject(
        epoch: epoch,
        stream: upload.number,
        extentCount: UInt64(extentCount)
      )
    )
    return PreparedName(key, sealer.seal([], of: subject))
  }

  /// Makes digests of a blob ready for its record, encrypted in a scope.
  ///
  /// - Parameters:
  ///   - digests: the digests.
  ///   - name: what the engine calls the blob.
  /// - Returns: the digests for the record of that blob and no other.
  package func digests(_ digests: BlobDigests, of name: SHA256Digest) -> PreparedDigests {
    guard !digests.kinds.isEmpty else { return PreparedDigests() }
    guard let sealer else { return PreparedDigests(digests) }
    return PreparedDigests(sealer.seal(digests, of: name))
  }

  /// Reads digests as a record has them; none where they are not of this scope, or not this blob's.
  package func digests(_ stored: PreparedDigests, of name: SHA256Digest) -> BlobDigests {
    guard let sealer else { return stored.plain }
    return stored.sealed.flatMap { sealer.open($0, of: name) } ?? BlobDigests()
  }

  /// Returns the probe of a blob from its first bytes: 64 KiB, or all when there are fewer.
  package func probe(_ firstBytes: Span<UInt8>) -> ContentProbe {
    let digest = checksum.digest128(firstBytes)
    let probe = ContentProbe(low: digest.low, high: digest.high)
    return sealer?.scoped(probe) ?? probe
  }

  private func stored(
    _ bytes: ArraySlice<UInt8>,
    as type: RecordType,
    key: SHA256Digest,
    framesOf frameByteCount: Int = Self.frameByteCount
  ) -> StoredBytes {
    guard compresses, let frames = compressed(bytes, frameByteCount: frameByteCount) else {
      return uncompressed(bytes, as: type, key: key)
    }
    let payload = Array(frames.joined())
    let subject = SealSubject(
      type: type,
      codec: .zstandard,
      key: key,
      logicalByteCount: UInt64(bytes.count),
      storedByteCount: UInt64(payload.count),
      frames: FrameTable(logicalByteCount: UInt32(frameByteCount), of: frames)
    )
    return StoredBytes(payload[...], as: subject, by: sealer, checksum: checksum)
  }

  /// Makes a payload ready that stays as it is, and is encrypted in a scope.
  ///
  /// - Parameters:
  ///   - bytes: the payload.
  ///   - type: the kind of its record.
  ///   - key: what the record is called.
  ///   - byteCount: how long a recipe's blob is; nil: as long as the payload.
  ///   - runs: what a recipe takes from where.
  /// - Returns: the payload of that record and no other.
  func uncompressed(
    _ bytes: ArraySlice<UInt8>,
    as type: RecordType,
    key: SHA256Digest,
    byteCount: UInt64? = nil,
    runs: [RecipeRun] = []
  ) -> StoredBytes {
    let subject = SealSubject(
      type: type,
      codec: .raw,
      key: key,
      logicalByteCount: byteCount ?? UInt64(bytes.count),
      storedByteCount: UInt64(bytes.count),
      runs: runs
    )
    return StoredBytes(bytes, as: subject, by: sealer, checksum: checksum)
  }

  /// Frames that together save an eighth, or nil.
  private func compressed(_ bytes: ArraySlice<UInt8>, frameByteCount: Int) -> [[UInt8]]? {
    guard bytes.count >= Self.leastCompressedByteCount,
      Compressibility(sniffing: bytes.span) == .worthTrying,
      !Compressibility.isNoise(bytes.span.extracting(0..<min(bytes.count, Self.sampleByteCount))),
      isSamplePromising(bytes)
    else { return nil }
    var compressor = ZstandardCompressor()
    guard let frames = compressor.compress(bytes.span, inFramesOf: frameByteCount) else {
      return nil
    }
    let total = frames.reduce(0) { $0 + $1.count }
    return total <= Compressibility.limit(of: bytes.count) ? frames : nil
  }

  /// Small blobs are their own sample.
  private func isSamplePromising(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count > Self.sampleByteCount else { return true }
    var sampler = ZstandardCompressor(level: ZstandardCompressor.sampleLevel)
    let sample = bytes.span.extracting(0..<Self.sampleByteCount)
    let limit = Compressibility.limit(of: Self.sampleByteCount)
    return sampler.compress(sample, limit: limit) != nil
  }
}
