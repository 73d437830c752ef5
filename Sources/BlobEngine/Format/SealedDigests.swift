import Bytes
import Codec

/// Digests of an encrypted blob, which would give its content away if anybody could read them.
///
/// ```
///  0                16                      48               64          66      68     72
///  +----------------+-----------------------+----------------+-----------+-------+------+--------+
///  | key id         | salt                  | tag            | algorithm | kinds | zero | sealed |
///  +----------------+-----------------------+----------------+-----------+-------+------+--------+
/// ```
///
/// *Kinds* has a bit for each digest, the lowest for item 0x0001. What is sealed are their bytes in
/// that order, and nothing between.
package struct SealedDigests: Hashable, Sendable {
  package static let headByteCount = 72

  package var seal: RecordSeal
  package var kinds: DigestKinds
  /// 16 bytes.
  package var tag: [UInt8]
  package var bytes: [UInt8]

  package init(seal: RecordSeal, kinds: DigestKinds, tag: [UInt8], bytes: [UInt8]) {
    self.seal = seal
    self.kinds = kinds
    self.tag = tag
    self.bytes = bytes
  }

  /// Reads an item of more than ``headByteCount`` bytes; nil when a newer build has made it.
  init?(decoding value: Span<UInt8>) {
    var fields = FieldReader(at: 0)
    let keyID = KeyID(value: fields.next(UInt128.self, in: value))
    let low = fields.next(UInt128.self, in: value)
    let high = fields.next(UInt128.self, in: value)
    let tag = fields.array(BlockCipher.tagByteCount, in: value)
    let algorithm = fields.next(UInt16.self, in: value)
    let kinds = DigestKinds(rawValue: fields.next(UInt16.self, in: value))
    let zero = fields.next(UInt32.self, in: value)
    guard algorithm == RecordSeal.algorithm, DigestKinds.all.contains(kinds), zero == 0 else {
      return nil
    }
    self.init(
      seal: RecordSeal(keyID: keyID, salt: RecordSalt(low: low, high: high)),
      kinds: kinds,
      tag: tag,
      bytes: value.extracting(Self.headByteCount..<value.count).makeArray()
    )
  }
}

extension DigestKinds {
  /// The bytes of such digests together.
  var byteCount: Int { algorithms.reduce(0) { $0 + $1.byteCount } }
}

extension RecordExtension {
  /// The digests that the record has, whether anybody here can read them or not.
  ///
  /// Of a record that is encrypted only those count that are too.
  var digestKinds: DigestKinds {
    seal == nil ? DigestKinds(digests.map(\.algorithm)) : sealedDigests?.kinds ?? []
  }
}
