import BlobEngine
import Bytes
import Codec
import Simulation

extension FormatExamples {
  /// The data key of what is sealed here.
  static var sealer: Sealer? {
    guard let key = DataKey((0..<32).map { UInt8($0) }), let secrets = try? key.opened() else {
      return nil
    }
    return Sealer(secrets, store: storeID, salts: SaltSource(SeededGenerator(seed: 20)))
  }

  static let sealedText = Array("what nobody reads without the key".utf8)

  /// What ``sealedRecord`` is sealed as.
  static var sealedSubject: SealSubject {
    let digest = SHA256Stream.digest(of: sealedText.span)
    return SealSubject(
      type: .blob,
      codec: .raw,
      key: sealer?.name(of: digest) ?? digest,
      logicalByteCount: UInt64(sealedText.count),
      storedByteCount: UInt64(sealedText.count)
    )
  }

  /// A record of a scope's, without the zeroes behind it.
  static var sealedRecord: [UInt8] {
    guard let sealed = sealer?.seal(sealedText, of: sealedSubject) else { return [] }
    var items = RecordExtension()
    items.seal = sealed.seal
    items.tags = sealed.tags
    var builder = BatchBuilder()
    let place = builder.append(
      RecordHead(
        type: .blob,
        sequence: 300,
        logicalByteCount: sealedSubject.logicalByteCount,
        key: sealedSubject.key
      ),
      items: items,
      payload: sealed.payload.span,
      checksum: checksum
    )
    let batch = builder.seal(
      number: 0,
      nextSequence: 301,
      previousDigest: BatchHead.chainStart,
      in: segment,
      at: 4096
    )
    return Array(batch.bytes[place.position..<(place.position + place.byteCount)])
  }
}
