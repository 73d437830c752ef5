/// A file of a version as a place lists it.
package struct ListedFile: Hashable, Sendable {
  /// The asset's name, unique within its version.
  package var name: String
  /// Where a public registry has it, absolute; nil for what a repository holds.
  package var address: String?
  /// Digests in lowercase hexadecimal by algorithm: `md5`, `sha1`, `sha256`, `sha512`.
  package var hashes: [String: String]
  /// The length in bytes, where the place says so.
  package var byteCount: UInt64?
  /// When the place last changed the file, where that was asked and is known.
  package var changedAt: UploadTime?
  /// Whether the place has nothing of what it has beside its other files, such as checksums: then
  /// there is most likely no such file.
  package var isWithoutTrace = false

  package init(
    name: String,
    address: String? = nil,
    hashes: [String: String] = [:],
    byteCount: UInt64? = nil,
    changedAt: UploadTime? = nil
  ) {
    self.name = name
    self.address = address
    self.hashes = hashes
    self.byteCount = byteCount
    self.changedAt = changedAt
  }
}
