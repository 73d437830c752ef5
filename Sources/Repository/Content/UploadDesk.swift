/// Where the uploads into one repository go.
package struct UploadDesk: Sendable {
  let depot: Depot
  let path: RepositoryPath

  /// Opens an upload.
  ///
  /// Who may publish was decided before.
  package func makeUpload() async throws(RepositoryError) -> AssetUpload {
    try await depot.makeUpload(into: path)
  }
}
