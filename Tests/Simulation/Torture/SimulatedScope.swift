package import BlobEngine
import Bytes
import Codec
import Disk

/// A key's scope, for an engine that is driven by hand as ``BlobScope`` drives one.
package struct SimulatedScope: Sendable {
  private let key: DataKey
  private let salts: SaltSource

  /// Makes a scope whose salts follow from a seed.
  package init?(seed: UInt64, breakages: Breakages = []) {
    let secret = (0..<DataKey.byteCount).map { UInt8($0) ^ 0xA5 }
    guard let key = DataKey(secret) else { return nil }
    self.key = key
    salts = SaltSource(SeededGenerator(seed: seed ^ 0x5A17), breakages: breakages)
  }

  /// What opens and seals in a store.
  func sealer(_ report: OpenReport) -> Sealer? {
    guard let secrets = try? key.opened() else { return nil }
    return Sealer(secrets, store: report.preparer.storeID, salts: salts)
  }
}

extension SimulatedMedium {
  /// Looks at all sealed records, and says what is wrong with their salts.
  ///
  /// One key and one salt seal one content, which may lie in several places: a record that was
  /// moved, and a list whose extents were. Their tags are the same then.
  package func saltComplaint() -> String? {
    var owners: [RecordSeal: RecordHead] = [:]
    var tags: [RecordSeal: [UInt8]] = [:]
    for file in files.keys.sorted(by: { $0.path < $1.path }) {
      for record in sealedRecords(of: file) {
        guard let seal = record.items.seal else { continue }
        let owner = owners.updateValue(record.head, forKey: seal)
        let others = tags.updateValue(record.items.tags, forKey: seal)
        if let owner, owner.key != record.head.key || others != record.items.tags {
          return
            "records \(owner.sequence) and \(record.head.sequence) have one nonce under one key"
        }
      }
    }
    return nil
  }

  /// The records in a slot's batches, as far as they verify.
  private func sealedRecords(of file: StoreFile) -> [Record] {
    guard case .slot(let slot) = file, let byteCount = files[file],
      let bytes = try? read(file, offset: 0, byteCount: Int(byteCount)),
      bytes.count > SegmentHeader.byteCount,
      let header = try? SegmentHeader(
        decoding: bytes.span.extracting(0..<SegmentHeader.byteCount),
        slot: slot
      )
    else { return [] }
    var records: [Record] = []
    var position = SegmentHeader.byteCount
    while position < bytes.count {
      let rest = bytes.span.extracting(position..<bytes.count)
      guard
        let head = try? BatchHead(decoding: rest, at: 0, in: header.identity, at: UInt64(position)),
        head.batchByteCount <= rest.count
      else { break }
      var walk = RecordWalk(head, at: UInt64(position))
      let batch = rest.extracting(0..<head.batchByteCount)
      while let record = try? walk.next(in: batch, checksum: header.identity.checksum) {
        records.append(record)
      }
      position += head.batchByteCount
    }
    return records
  }
}
