import Bytes
import Codec

/// Payloads on their way to a higher level of compression (`engine.md` 11.1), which takes a
/// processor 20 ms for each MiB: work for anywhere but the engine's thread.
///
/// What is made is opened again and hashed beside what it is made of, so that the engine can see
/// whether both are the same bytes. A payload that is encrypted is opened with its scope's key and
/// sealed with it anew, under a salt of its own.
package struct Recompression: Sendable {
  package let id: RecompressionID
  let sources: [RecompressionSource]
  let level: Int32
  let store: StoreIdentifier
  let checksum: Checksum

  /// Does the work.
  ///
  /// - Parameters:
  ///   - keys: the scopes that are in use; what is of others stays as it is.
  ///   - alter: what a faulty compressor would do to the bytes; only tests pass any.
  /// - Returns: what came of each payload, in their order.
  package func run(
    with keys: KeyRing,
    altering alter: (inout [UInt8]) -> Void = { _ in }
  ) -> [Recompressed] {
    sources.map { source in
      guard let keyID = source.piece.sealed?.seal.keyID else { return run(source, nil, alter) }
      guard let sealer = keys.sealer(of: keyID, in: store) else { return .notTried }
      return run(source, sealer, alter)
    }
  }

  private func run(
    _ source: RecompressionSource,
    _ sealer: Sealer?,
    _ alter: (inout [UInt8]) -> Void
  ) -> Recompressed {
    guard let plain = try? source.piece.decoded(with: sealer) else { return Recompressed() }
    var bytes = plain
    alter(&bytes)
    guard let (payload, subject) = compressed(bytes, insteadOf: source.subject) else {
      return Recompressed()
    }
    let better = StoredBytes(payload[...], as: subject, by: sealer, checksum: checksum)
    return Recompressed(
      better: better,
      name: name(of: plain, sealer),
      rebuilt: better.opened(as: subject, by: sealer).map { name(of: $0, sealer) }
    )
  }

  /// What the engine calls a blob of these bytes.
  private func name(of bytes: [UInt8], _ sealer: Sealer?) -> SHA256Digest {
    let digest = SHA256Stream.digest(of: bytes.span)
    return sealer?.name(of: digest) ?? digest
  }

  /// The same cut as before, so that a range needs as much of it as before; nil: too little would
  /// be saved.
  private func compressed(
    _ bytes: [UInt8],
    insteadOf old: SealSubject
  ) -> (payload: [UInt8], subject: SealSubject)? {
    let frameByteCount = old.frames?.logicalByteCount ?? UInt32(clamping: old.logicalByteCount)
    var compressor = ZstandardCompressor(level: level)
    guard let frames = compressor.compress(bytes.span, inFramesOf: Int(frameByteCount)) else {
      return nil
    }
    let table = FrameTable(logicalByteCount: frameByteCount, of: frames)
    var subject = old
    subject.storedByteCount = table.storedByteCounts.reduce(0) { $0 + UInt64($1) }
    subject.frames = table
    guard subject.isWorthwhile(insteadOf: old) else { return nil }
    return (Array(frames.joined()), subject)
  }
}

/// Names one work of compressing again, in one engine.
package struct RecompressionID: Hashable, Sendable {
  package let number: UInt64
}

/// A record whose payload is Zstandard frames.
struct RecompressionSource: Sendable {
  /// All of the payload.
  let piece: StoredPiece
  let subject: SealSubject

  /// Returns nil for a kind of record that has no bytes of its own.
  init?(_ fetched: FetchedRecord) {
    let record = fetched.record
    guard let subject = SealSubject(record) else { return nil }
    self.subject = subject
    piece = StoredPiece(
      fetched,
      0..<record.head.logicalByteCount,
      base: 0,
      of: subject.type == .blob ? .blob : .upload(ExtentName(key: subject.key)),
      info: nil,
      reader: nil
    )
  }
}

extension SealSubject {
  /// The share of a payload that must be saved, as one in so many bytes: below it the work of
  /// opening new frames, and of reading them back once, is for nothing.
  private static let leastSavingOneIn: UInt64 = 32

  /// Whether a thirty-second is saved, and a place in the log: records begin at multiples of 64.
  fileprivate func isWorthwhile(insteadOf old: SealSubject) -> Bool {
    let place = UInt64(StoreFormat.recordAlignment)
    let least = max(old.storedByteCount / Self.leastSavingOneIn, place)
    return storedByteCount + least <= old.storedByteCount
  }
}

extension StoredBytes {
  /// What the frames hold, decrypted in a scope; nil when they are not what was to be stored.
  fileprivate func opened(as subject: SealSubject, by sealer: Sealer?) -> [UInt8]? {
    guard let frames = subject.frames?.frames(of: Int(clamping: subject.logicalByteCount)) else {
      return nil
    }
    guard let sealer else { return frames.decoded(from: payload.span, at: 0) }
    guard let seal = items.seal else { return nil }
    let blocks = 0..<SealedBlocks.blockCount(byteCount: payload.count)
    let opened = try? sealer.open(payload.span, blocks: blocks, of: subject, seal, tags: items.tags)
    return opened.flatMap { frames.decoded(from: $0.span, at: 0) }
  }
}

/// What the work on one payload has come to.
package struct Recompressed: Sendable {
  /// Nothing: nobody here has the key.
  static let notTried = Recompressed(isTried: false)

  /// Whether the payload was looked at; another time it may be.
  var isTried = true
  /// The better payload; nil: too little would be saved, or the old one cannot be opened.
  var better: StoredBytes?
  /// What the engine calls a blob of what the old payload holds.
  var name = SHA256Digest.none
  /// What it calls one of what the better payload holds; nil when that cannot be opened.
  var rebuilt: SHA256Digest?
}
