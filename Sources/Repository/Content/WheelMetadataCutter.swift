internal import BlobEngine
internal import Bytes
internal import Catalog
internal import FormatRules

/// Cuts the core metadata out of stored wheels and stores it as a blob of its own (PEP 658).
struct WheelMetadataCutter {
  let blobs: BlobScope

  /// Returns the exact bytes of a stored wheel's `METADATA`.
  ///
  /// Only the archive's directory and that one member are read, whatever the wheel's size.
  /// - Throws: `MalformedInput` when it is no such wheel, `EngineError` when it cannot be read.
  func metadata(of file: StoredFile, named name: DistributionFileName) async throws -> [UInt8] {
    try await WheelMetadata.cutOut(of: source(of: file), named: name)
  }

  /// Checks a wheel that is to be published.
  ///
  /// - Throws: as ``metadata(of:named:)``.
  func check(_ file: StoredFile, named name: DistributionFileName) async throws {
    try await WheelMetadata.check(source(of: file), named: name)
  }

  private func source(of file: StoredFile) -> ByteSource {
    let blobs = blobs
    return ByteSource(byteCount: file.byteCount) { range in
      try await blobs.get(file.key, range: range) ?? []
    }
  }

  /// Stores metadata and returns what names it.
  func store(_ metadata: [UInt8]) async throws(EngineError) -> AttachedBlob {
    let info = try await blobs.put(metadata)
    return AttachedBlob(key: info.key, byteCount: Int64(info.byteCount))
  }

  /// Cuts a file from outside; nil when it is no wheel, or one that does not read as one: such a
  /// file is passed on as it is, and nothing is announced of it.
  func cut(
    _ file: StoredFile,
    named fileName: String
  ) async -> (attachment: AttachedBlob, metadata: CoreMetadata)? {
    guard let name = DistributionFileName(fileName), name.isWheel,
      let bytes = try? await metadata(of: file, named: name),
      let metadata = try? CoreMetadata(reading: bytes),
      let attachment = try? await store(bytes)
    else { return nil }
    return (attachment, metadata)
  }
}
