/// A domain: what owns bytes, metadata and one encryption key.
package struct DomainRecord: Hashable, Sendable {
  package let id: DomainID
  /// The owning account, twelve digits.
  package let owner: String
  /// Unique among the owner's living domains.
  package let name: String
  /// The name (ARN) of the domain's encryption key.
  package let encryptionKey: String
  package let status: DomainStatus
  package let createdAt: Timestamp
  /// The serial of the last row of its journal.
  package let serial: Int64
  /// The bytes of its assets, each distinct blob counted once.
  package let assetByteCount: Int64
  package let repositoryCount: Int64
}
