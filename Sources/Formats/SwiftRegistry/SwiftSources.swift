import Bytes
import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers for manifests and source archives: files of a version, with the headers that the
/// protocol wants beside them.
struct SwiftSources: Sendable {
  private let depot: Depot

  init(depot: Depot) {
    self.depot = depot
  }

  /// SE-0292 section 4.3: the main manifest with links to the others, or one of those.
  func manifest(
    _ package: SwiftPackageIdentity,
    _ version: String,
    _ request: Request,
    at place: SwiftPlace,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    guard let item = try await release(version, of: package, in: path) else {
      return .absent(package, version, in: path)
    }
    let release = SwiftRelease(row: item.listed.metadata)
    let address = "\(place.release(item.version.text, of: package))/\(SwiftManifestName.main)"
    guard let asked = request.target.query?.first(where: { $0.name == "swift-version" }) else {
      let links = Self.links(to: release.manifests, at: address)
      return try await file(
        SwiftManifestName.main,
        of: package,
        item,
        request,
        in: path,
        headers: links.field
      )
    }
    guard let wanted = SwiftToolsVersion(asked.value),
      let manifest = SwiftManifest.choose(wanted, from: release.manifests)
    else {
      return Reply(.seeOther, headers: [.location: address, .cacheControl: "no-cache"])
    }
    return try await file(manifest.name.text, of: package, item, request, in: path)
  }

  /// SE-0292 section 4.4, and the signature of SE-0391 beside it.
  func archive(
    _ package: SwiftPackageIdentity,
    _ version: String,
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    guard let item = try await release(version, of: package, in: path) else {
      return .absent(package, version, in: path)
    }
    let name = package.archiveName(item.version.text)
    var headers = HTTPFields()
    if let digest = package.archive(of: item)?.hashes["sha256"].flatMap(Hexadecimal.decode) {
      headers[.digest] = "sha-256=\(Base64.encode(digest))"
    }
    if let signature = SwiftRelease(row: item.listed.metadata).signature {
      headers[.swiftSignatureFormat] = signature.format
      headers[.swiftSignature] = signature.base64
    }
    return try await file(name, of: package, item, request, in: path, headers: headers)
  }

  private func release(
    _ version: String,
    of package: SwiftPackageIdentity,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> SwiftReleaseList.Item? {
    guard SwiftVersion(version) != nil,
      let merged = try await depot.package(package.coordinates, in: path)
    else { return nil }
    return SwiftReleaseList(merged.listing).item(version)
  }

  private static func links(to manifests: [SwiftManifest], at address: String) -> SwiftLinks {
    var links = SwiftLinks()
    for manifest in manifests {
      guard let version = manifest.name.version else { continue }
      links.add("\(address)?swift-version=\(version.text)", manifest: manifest)
    }
    return links
  }

  private func file(
    _ name: String,
    of package: SwiftPackageIdentity,
    _ item: SwiftReleaseList.Item,
    _ request: Request,
    in path: RepositoryPath,
    headers: HTTPFields = [:]
  ) async throws(RepositoryError) -> Reply {
    guard
      let found = try await depot.packageFile(
        name,
        of: package.coordinates,
        version: item.version.text,
        in: path
      )
    else { return .absent(package, item.version.text, in: path) }
    var reply = FileReply.make(found, for: request)
    for field in headers { reply.headers[field.name] = field.value }
    if reply.status == .ok || reply.status == .partialContent {
      reply.headers[.contentType] = name.hasSuffix(".zip") ? "application/zip" : "text/x-swift"
      reply.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
    }
    return reply
  }
}
