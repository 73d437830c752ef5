import Bytes
import Codec

/// A put of a blob that is one record.
struct SmallPut: Sendable {
  let bytes: [UInt8]
  let durability: Durability
  private let kinds: DigestKinds
  /// What the bytes hash to, where that was found out before.
  private let known: WrittenBlob?

  init(
    _ bytes: [UInt8],
    _ durability: Durability,
    digests kinds: DigestKinds,
    known: WrittenBlob? = nil
  ) {
    self.bytes = bytes
    self.durability = durability
    self.kinds = kinds
    self.known = known
  }

  /// Hashes and compresses the bytes, each digest on a worker of its own where that pays.
  func prepared(
    by preparer: Preparer,
    _ workers: WorkerPool
  ) async -> (PreparedBlob, BlobDigests) {
    let lines = DigestLines(known == nil ? kinds : [], workers)
    lines.add(bytes[...]) {}
    let (bytes, key) = (bytes, known?.key)
    let blob = await workers.run(over: bytes.count) {
      key.map { preparer.blob(bytes, key: $0) } ?? preparer.blob(bytes)
    }
    let made = await lines.finish()
    let digests = known?.digests ?? made
    return (blob.with(preparer.digests(digests, of: blob.key)), digests)
  }
}
