import Bytes
import Codec

/// Ids, markers and secrets, out of the generator that the engine was given.
extension Engine {
  mutating func random128() -> UInt128 {
    UInt128(generator.next()) << 64 | UInt128(generator.next())
  }
}

extension Superblock {
  /// A store that does not exist yet, with fresh secrets.
  init(newStoreFor options: StoreOptions, using generator: inout any RandomNumberGenerator) {
    let isSound = EngineLimits.objection(toSegmentByteCount: options.segmentByteCount) == nil
    let identifier = UInt128(generator.next()) << 64 | UInt128(generator.next())
    self.init(
      storeID: StoreIdentifier(value: identifier),
      segmentByteCount: isSound ? options.segmentByteCount : StoreFormat.maximumSegmentByteCount,
      createdMilliseconds: 0,
      hashSecret: Self.bytes(Checksum.secretByteCount, using: &generator),
      authenticationKey: Self.bytes(Self.authenticationKeyByteCount, using: &generator)
    )
  }

  private static func bytes(
    _ count: Int,
    using generator: inout any RandomNumberGenerator
  ) -> [UInt8] {
    (0..<count / 8).flatMap { _ in
      let word = generator.next()
      return (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
    }
  }
}
