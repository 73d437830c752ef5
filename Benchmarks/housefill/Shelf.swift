import Catalog
import Repository

/// A repository that takes numbered versions of generic packages.
struct Shelf: Sendable {
  static let assetsPerVersion = 10
  private static let versionsPerPackage = 10
  private static let namespace = "filled"

  let depot: Depot
  let path: RepositoryPath

  /// Publishes version `number` of all: `filled/p{number / 10}/1.{number % 10}`, with files `f0` to
  /// `f9`, each of bytes of its own.
  func publish(_ number: Int) async throws {
    var files: [VersionPublication.File] = []
    for file in 0..<Self.assetsPerVersion {
      files.append(.init(name: "f\(file)", staged: try await stage(number, file)))
    }
    let name = "p\(number / Self.versionsPerPackage)"
    _ = try await depot.publish(
      VersionPublication(
        repository: path,
        package: PackageCoordinates(format: .generic, namespace: Self.namespace, name: name),
        displayName: name,
        version: "1.\(number % Self.versionsPerPackage)",
        files: files
      )
    )
  }

  private func stage(_ number: Int, _ file: Int) async throws -> StagedAsset {
    let upload = try await depot.desk(at: path).makeUpload()
    try await upload.write(Array("This is file \(file) of version \(number).\n".utf8))
    return try await upload.finish()
  }
}
