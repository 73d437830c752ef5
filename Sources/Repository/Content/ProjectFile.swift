package import Bytes
package import FormatRules

/// One file of a Python project, as index pages describe it (PEP 503, 592, 658, 691, 700, 714, 740).
package struct ProjectFile: Hashable, Sendable {
  /// The file's name, which is unique in its project.
  package var name: String
  /// The version the file belongs to, as its name spells it.
  package var version: String
  /// What the file must hash to; nil when an upstream index gives none.
  package var sha256: SHA256Digest?
  /// Further digests, algorithm to lowercase hexadecimal, as the index gives them.
  package var otherHashes: [String: String]
  package var byteCount: UInt64?
  package var requiresPython: String?
  /// When the file first went to its index (PEP 700): the origin's own time for files from outside.
  package var uploadTime: UploadTime?
  /// Nil when not yanked; else the reason, which may be empty (PEP 592).
  package var yanked: String?
  /// Whether `{file}.metadata` is served (PEP 658), and what it hashes to.
  package var coreMetadata: CoreMetadata?
  /// The address of the file's provenance (PEP 740).
  package var provenance: String?

  /// What is known about the metadata file beside a wheel.
  package enum CoreMetadata: Hashable, Sendable {
    /// It is served; the upstream index did not say what it hashes to.
    case served
    /// It is served and hashes to this.
    case hashed(SHA256Digest)
  }

  package init(
    name: String,
    version: String,
    sha256: SHA256Digest? = nil,
    otherHashes: [String: String] = [:],
    byteCount: UInt64? = nil,
    requiresPython: String? = nil,
    uploadTime: UploadTime? = nil,
    yanked: String? = nil,
    coreMetadata: CoreMetadata? = nil,
    provenance: String? = nil
  ) {
    self.name = name
    self.version = version
    self.sha256 = sha256
    self.otherHashes = otherHashes
    self.byteCount = byteCount
    self.requiresPython = requiresPython
    self.uploadTime = uploadTime
    self.yanked = yanked
    self.coreMetadata = coreMetadata
    self.provenance = provenance
  }
}
