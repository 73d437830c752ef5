/// One file on a project's page.
package struct SimpleFile: Hashable, Sendable {
  package var fileName: String
  /// Where the file is.
  ///
  /// From a reader: absolute when the page's own address was given, without the fragment that
  /// carried the hash. To a renderer: written as it is.
  package var url: String
  /// Digests in hexadecimal by the name of their algorithm (`sha256`, `md5`, …), in lower case.
  package var hashes: [String: String]
  /// The Python versions the file asks for (PEP 503, `data-requires-python`).
  package var requiresPython: String?
  /// The file's length in bytes (PEP 700).
  package var byteCount: UInt64?
  /// When it was uploaded (PEP 700).
  package var uploadTime: UploadTime?
  package var yank: Yank
  package var coreMetadata: CoreMetadataSibling
  /// Whether a signature lies at the file's address with `.asc` appended; nil: not said.
  package var hasSignature: Bool?
  /// Where the file's provenance is (PEP 740).
  package var provenance: String?

  package init(
    fileName: String,
    url: String,
    hashes: [String: String] = [:],
    requiresPython: String? = nil,
    byteCount: UInt64? = nil,
    uploadTime: UploadTime? = nil,
    yank: Yank = .none,
    coreMetadata: CoreMetadataSibling = .none,
    hasSignature: Bool? = nil,
    provenance: String? = nil
  ) {
    self.fileName = fileName
    self.url = url
    self.hashes = hashes
    self.requiresPython = requiresPython
    self.byteCount = byteCount
    self.uploadTime = uploadTime
    self.yank = yank
    self.coreMetadata = coreMetadata
    self.hasSignature = hasSignature
    self.provenance = provenance
  }
}

/// Whether a file was withdrawn from ordinary resolution (PEP 592).
package enum Yank: Hashable, Sendable {
  case none
  /// Withdrawn; the reason is nil or empty when none was given.
  case yanked(reason: String?)
}

/// Whether the file's core metadata can be had at its address with `.metadata` appended
/// (PEP 658, renamed by PEP 714).
package enum CoreMetadataSibling: Hashable, Sendable {
  case none
  /// It is there; digests in hexadecimal by algorithm, empty when the page gives none.
  case available(hashes: [String: String])
}
