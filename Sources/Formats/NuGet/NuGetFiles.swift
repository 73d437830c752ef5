import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers for the files of a version: its package, and what is cut out of that on demand.
struct NuGetFiles: Sendable {
  private let depot: Depot

  init(depot: Depot) {
    self.depot = depot
  }

  func file(
    _ name: String,
    of id: String,
    version: String,
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    guard let id = NuGetIdentifier(id), let version = NuGetVersion(version) else {
      return .absent(name, path)
    }
    let content = NuGetPackage.fileName(id.key, version.key)
    let wanted = name.lowercased()
    guard wanted != content else {
      guard let found = try await stored(content, id, version, path) else {
        return .absent(name, path)
      }
      var reply = FileReply.make(found, for: request)
      if reply.status.kind == .successful {
        reply.headers[.contentDisposition] = "attachment; filename=\"\(content)\""
      }
      return reply
    }
    if wanted == "\(id.key).nuspec" {
      return try await nuspec(wanted, id, version, request, in: path)
    }
    return try await extra(wanted, of: content, id, version, in: path) ?? .absent(name, path)
  }

  private func stored(
    _ name: String,
    _ id: NuGetIdentifier,
    _ version: NuGetVersion,
    _ path: RepositoryPath
  ) async throws(RepositoryError) -> FoundFile? {
    try await depot.packageFile(name, of: id.coordinates, version: version.key, in: path)
  }

  /// A nuspec is cut out of a package that is here; of one that is still outside, the registry has
  /// it beside the package.
  private func nuspec(
    _ name: String,
    _ id: NuGetIdentifier,
    _ version: NuGetVersion,
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    let content = NuGetPackage.fileName(id.key, version.key)
    if try await !isHere(content, id, version, path),
      let found = try await stored(name, id, version, path)
    {
      var reply = FileReply.make(found, for: request)
      if reply.status.kind == .successful { reply.headers[.contentType] = "application/xml" }
      return reply
    }
    guard let source = try await source(content, id, version, path) else {
      return .absent(name, path)
    }
    let bytes = try await cut(name) { try await NuGetArchive.nuspec(of: source) }
    return .immutable(bytes, "application/xml")
  }

  /// Whether a file is in the store: only of those are all digests known.
  private func isHere(
    _ name: String,
    _ id: NuGetIdentifier,
    _ version: NuGetVersion,
    _ path: RepositoryPath
  ) async throws(RepositoryError) -> Bool {
    let versions = try await depot.package(id.coordinates, in: path)?.listing.versions ?? []
    let files = versions.first { $0.version == version.key }?.files ?? []
    return files.contains { $0.name == name && $0.hashes["sha256"] != nil }
  }

  /// The readme, the icon or the licence inside a package, where its nuspec says they are.
  private func extra(
    _ name: String,
    of content: String,
    _ id: NuGetIdentifier,
    _ version: NuGetVersion,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply? {
    let kinds: [String: NuGetDescription.Text] = [
      "readme": .readmeFile, "icon": .iconFile, "license": .licenseFile,
    ]
    guard let kind = kinds[name], let source = try await source(content, id, version, path) else {
      return nil
    }
    let file: (path: String, bytes: [UInt8])? = try await cut(name) {
      let nuspec = try await NuGetArchive.nuspec(of: source)
      guard let place = try NuGetDescription(nuspec: nuspec)[kind],
        let bytes = try await NuGetArchive.file(place, of: source)
      else { return nil }
      return (place, bytes)
    }
    return file.map { .immutable($0.bytes, Self.type(of: $0.path)) }
  }

  /// The package's bytes, fetched to the end when they are on their way.
  private func source(
    _ content: String,
    _ id: NuGetIdentifier,
    _ version: NuGetVersion,
    _ path: RepositoryPath
  ) async throws(RepositoryError) -> ByteSource? {
    switch try await stored(content, id, version, path) {
    case .stored(let file): .stored(file, in: depot)
    case .arriving(let file): .stored(try await file.stored(), in: depot)
    case nil: nil
    }
  }

  /// A package that came from outside may lack what NuGet asks of it.
  private func cut<Value: Sendable>(
    _ name: String,
    _ body: () async throws -> Value
  ) async throws(RepositoryError) -> Value {
    do { return try await body() } catch let error as RepositoryError {
      throw error
    } catch let error as MalformedInput {
      throw RepositoryError(.notFound, "There is no usable \(name): \(error.reason).")
    } catch {
      throw RepositoryError(.internalFailure, "Reading \(name) failed: \(error)", cause: error)
    }
  }

  private static func type(of path: String) -> String {
    switch path.lowercased().split(separator: ".").last {
    case "png": "image/png"
    case "jpg", "jpeg": "image/jpeg"
    case "md": "text/markdown; charset=utf-8"
    case "txt": "text/plain; charset=utf-8"
    default: "application/octet-stream"
    }
  }
}

extension Reply {
  /// Bytes under an address that never means others; shown as what they are and never run.
  fileprivate static func immutable(_ bytes: [UInt8], _ type: String) -> Reply {
    var headers: HTTPFields = [
      .contentType: type, .cacheControl: "private, max-age=31536000, immutable",
      .vary: "Authorization",
    ]
    if let name = HTTPField.Name("X-Content-Type-Options") { headers[name] = "nosniff" }
    return Reply(.ok, headers: headers, body: .bytes(bytes))
  }
}
