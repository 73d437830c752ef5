/// Where the uploads into one repository go.
package struct UploadDesk: Sendable {
  let depot: Depot
  let path: RepositoryPath

  /// Opens an upload.
  ///
  /// Who may publish was decided before.
  ///
  /// - Parameter byteCount: how many bytes the client has announced, if it has.
  /// - Returns: the upload, which is to be finished or cancelled.
  /// - Throws: as ``Depot/makeUpload(into:announcing:)``.
  package func makeUpload(
    announcing byteCount: UInt64? = nil
  ) async throws(RepositoryError) -> AssetUpload {
    try await depot.makeUpload(into: path, announcing: byteCount)
  }
}
