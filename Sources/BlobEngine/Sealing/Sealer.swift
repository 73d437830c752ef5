package import Bytes
import Codec
import Synchronization

/// Seals and opens records with one data key, in one store.
///
/// The key of a record is HKDF-SHA-256 of the data key, expanded with the store's id and the
/// record's salt. It is used for that record alone, so that a block's number can be its nonce.
///
/// It holds the key: made for one operation, and let go after it.
package struct Sealer: Sendable {
  /// A payload with what opens it again.
  package struct Sealed: Sendable {
    package let payload: [UInt8]
    package let seal: RecordSeal
    package let tags: [UInt8]
  }

  private let secrets: ScopeSecrets
  private let store: StoreIdentifier
  private let salts: SaltSource

  package init(_ secrets: ScopeSecrets, store: StoreIdentifier, salts: SaltSource) {
    self.secrets = secrets
    self.store = store
    self.salts = salts
  }

  package var keyID: KeyID { secrets.id }

  /// Returns what the engine calls a blob of the scope: HMAC-SHA-256 of its SHA-256.
  ///
  /// Without the key nobody can tell from the name which content it is, nor find two scopes that
  /// hold the same.
  package func name(of digest: SHA256Digest) -> SHA256Digest { secrets.name(of: digest) }

  /// Returns what the engine calls a chunk of the scope.
  ///
  /// What is authenticated is longer than for a blob: no blob has the same name.
  func chunkName(of digest: SHA256Digest) -> SHA256Digest {
    secrets.naming.authentication(of: ChunkName.labelled(digest))
  }

  /// Returns a probe that says nothing to other scopes.
  func scoped(_ probe: ContentProbe) -> ContentProbe {
    ContentProbe(
      low: probe.low ^ secrets.probing.words.0,
      high: probe.high ^ secrets.probing.words.1
    )
  }

  /// Encrypts a record's payload.
  package func seal(_ plain: ArraySlice<UInt8>, of subject: SealSubject) -> Sealed {
    let seal = RecordSeal(keyID: secrets.id, salt: salts.next())
    let (payload, tags) = blocks(seal, subject).seal(plain.span)
    return Sealed(payload: payload, seal: seal, tags: tags)
  }

  /// As the other, of a whole array.
  package func seal(_ plain: [UInt8], of subject: SealSubject) -> Sealed {
    seal(plain[...], of: subject)
  }

  /// Decrypts blocks of a record's payload, which `sealed` holds and nothing else.
  ///
  /// - Returns: nil when they are not what was sealed, or not of this record.
  /// - Throws: ``EngineError/keyUnavailable(_:)`` when another key sealed them.
  package func open(
    _ sealed: Span<UInt8>,
    blocks numbers: Range<Int>,
    of subject: SealSubject,
    _ seal: RecordSeal,
    tags: [UInt8]
  ) throws(EngineError) -> [UInt8]? {
    guard seal.keyID == secrets.id else { throw .keyUnavailable(seal.keyID) }
    return blocks(seal, subject).open(
      sealed,
      blocks: numbers,
      of: Int(clamping: subject.storedByteCount),
      tags: tags
    )
  }

  /// Encrypts digests of the blob that the engine calls `name`.
  func seal(_ digests: BlobDigests, of name: SHA256Digest) -> SealedDigests {
    let seal = RecordSeal(keyID: secrets.id, salt: salts.next())
    let plain = digests.values.flatMap(\.bytes)
    let (bytes, tag) = blocks(seal, digestContext(digests.kinds, name)).seal(plain.span)
    return SealedDigests(seal: seal, kinds: digests.kinds, tag: tag, bytes: bytes)
  }

  /// Decrypts digests; nil when they are not what was sealed for this blob.
  func open(_ sealed: SealedDigests, of name: SHA256Digest) -> BlobDigests? {
    guard sealed.seal.keyID == secrets.id else { return nil }
    let opened = blocks(sealed.seal, digestContext(sealed.kinds, name)).open(
      sealed.bytes.span,
      blocks: 0..<1,
      of: sealed.bytes.count,
      tags: sealed.tag
    )
    guard var rest = opened?[...] else { return nil }
    return BlobDigests(
      sealed.kinds.algorithms.map { algorithm in
        defer { rest = rest.dropFirst(algorithm.byteCount) }
        return BlobDigest(algorithm: algorithm, bytes: Array(rest.prefix(algorithm.byteCount)))
      }
    )
  }

  /// What is true of a blob's digests, and goes into their tag.
  private func digestContext(_ kinds: DigestKinds, _ name: SHA256Digest) -> [UInt8] {
    var bytes = FieldWriter(reserving: 80)
    bytes.append(Array("LDRDIGS1".utf8))
    bytes.append(store.value)
    bytes.append(secrets.id.value)
    bytes.append(RecordSeal.algorithm)
    bytes.append(kinds.rawValue)
    bytes.append(UInt32(0))
    bytes.append(name)
    return bytes.bytes
  }

  private func blocks(_ seal: RecordSeal, _ subject: SealSubject) -> SealedBlocks {
    blocks(seal, subject.context(store: store, keyID: seal.keyID))
  }

  private func blocks(_ seal: RecordSeal, _ context: [UInt8]) -> SealedBlocks {
    var info = FieldWriter(reserving: 48)
    info.append(store.value)
    info.append(seal.salt.low)
    info.append(seal.salt.high)
    return SealedBlocks(
      key: secrets.sealing.expanded(with: info.bytes),
      context: context
    )
  }
}

/// Where salts come from: the system's randomness, but for tests.
package final class SaltSource: Sendable {
  private let generator: Mutex<any RandomNumberGenerator & Sendable>
  private let breakages: Breakages

  package init(
    _ generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
    breakages: Breakages = []
  ) {
    self.generator = Mutex(generator)
    self.breakages = breakages
  }

  func next() -> RecordSalt {
    guard !breakages.contains(.reuseNonce) else { return RecordSalt(low: 1, high: 2) }
    return generator.withLock { generator in
      RecordSalt(low: generator.nextUInt128(), high: generator.nextUInt128())
    }
  }
}

extension RandomNumberGenerator {
  fileprivate mutating func nextUInt128() -> UInt128 {
    UInt128(next()) << 64 | UInt128(next())
  }
}
