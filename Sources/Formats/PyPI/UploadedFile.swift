import FormatRules
import Repository

/// The file of an upload: its bytes go to the store, and a source distribution is looked through
/// for its metadata on the way, so that nothing is read twice.
struct UploadedFile {
  let name: String
  let upload: AssetUpload
  private var search: Search

  private enum Search {
    case none
    case running(SourceDistributionMetadata)
    /// Reported only at the end: what is wrong with the form matters more to its sender.
    case failed(MalformedInput)
  }

  init(name: String, upload: AssetUpload) {
    self.name = name
    self.upload = upload
    let isGzippedTar = name.hasSuffix(".tar.gz") || name.hasSuffix(".tgz")
    self.search =
      isGzippedTar ? .running(SourceDistributionMetadata(inspectsMembers: true)) : .none
  }

  /// Takes the file's next bytes.
  mutating func write(_ bytes: [UInt8]) async throws(RepositoryError) {
    if case .running(var finder) = search {
      search = .none
      do {
        try finder.feed(bytes)
        search = .running(finder)
      } catch {
        search = .failed(error)
      }
    }
    try await upload.write(bytes)
  }

  /// Returns the metadata inside a source distribution or an egg; nil for a wheel, whose metadata
  /// the repository itself cuts out and keeps.
  ///
  /// - Throws: `validation` when the archive is of a kind that cannot be looked into, is damaged,
  ///   or has no usable metadata.
  func metadata(
    of fileName: DistributionFileName,
    _ staged: StagedAsset,
    in depot: Depot
  ) async throws(RepositoryError) -> CoreMetadata? {
    do {
      switch fileName.kind {
      case .wheel: return nil
      case .sourceDistribution(.tarGzip), .sourceDistribution(.gzippedTar):
        return try CoreMetadata(reading: try foundInTar())
      case .sourceDistribution(.zip):
        let source = ByteSource.staged(staged, in: depot)
        return try CoreMetadata(
          reading: try await SourceDistributionMetadata.cutOut(
            ofZip: source,
            inspectsMembers: true
          )
        )
      case .egg:
        let source = ByteSource.staged(staged, in: depot)
        let bytes = try await EggMetadata.cutOut(of: source, inspectsMembers: true)
        return try CoreMetadata(reading: bytes)
      case .sourceDistribution(let archive):
        throw RepositoryError.refusedUpload(
          "Source distributions come as .tar.gz or .zip (PEP 527), not as \(archive.rawValue)."
        )
      }
    } catch let error as RepositoryError {
      throw error
    } catch let error as MalformedInput {
      throw .refusedUpload("\(name) cannot be published: \(error.subject): \(error.reason).")
    } catch {
      throw RepositoryError(.internalFailure, "Reading \(name) failed: \(error)", cause: error)
    }
  }

  private func foundInTar() throws(MalformedInput) -> [UInt8] {
    switch search {
    case .running(let finder): return try finder.finish()
    case .failed(let error): throw error
    case .none: throw MalformedInput("source distribution", "it is empty")
    }
  }
}
