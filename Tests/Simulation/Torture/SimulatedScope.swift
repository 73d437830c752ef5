package import BlobEngine
import Bytes
import Codec
import Disk

/// A key's scope, for an engine that is driven by hand as ``BlobScope`` drives one.
package struct SimulatedScope: Sendable {
  private let key: DataKey
  private let salts: SaltSource
  /// The scope alone.
  package let keys: KeyRing

  /// Makes a scope whose salts follow from a seed.
  package init?(seed: UInt64, breakages: Breakages = []) {
    let secret = (0..<DataKey.byteCount).map { UInt8($0) ^ 0xA5 }
    guard let key = DataKey(secret) else { return nil }
    self.key = key
    salts = SaltSource(SeededGenerator(seed: seed ^ 0x5A17), breakages: breakages)
    keys = KeyRing(salts)
    keys.add(key)
  }

  /// What opens and seals in a store.
  package func sealer(_ report: OpenReport) -> Sealer? {
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
      for record in batches(of: file).flatMap(\.records) {
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
}
