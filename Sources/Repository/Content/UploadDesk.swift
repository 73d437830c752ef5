/// Where the uploads into one repository go.
package struct UploadDesk: Sendable {
  let depot: Depot
  let path: RepositoryPath

  /// Opens an upload.
  ///
  /// Who may publish was decided before.
  ///
  /// - Parameters:
  ///   - byteCount: how many bytes the client has announced, if it has.
  ///   - alsoBLAKE2b: whether the file is hashed with BLAKE2b-256 too, as PyPI's clients do.
  /// - Returns: the upload, which is to be finished or cancelled.
  /// - Throws: as ``Depot/makeUpload(into:announcing:alsoBLAKE2b:)``.
  package func makeUpload(
    announcing byteCount: UInt64? = nil,
    alsoBLAKE2b: Bool = false
  ) async throws(RepositoryError) -> AssetUpload {
    try await depot.makeUpload(into: path, announcing: byteCount, alsoBLAKE2b: alsoBLAKE2b)
  }
}
