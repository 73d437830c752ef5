import Catalog
import FormatRules
import Repository

/// Which package, and which of its versions, the address of a request names: for the audit, which
/// writes it when the request is long answered.
struct TrailSubject: Equatable {
  var namespace: String?
  var package: String?
  var version: String?

  init(namespace: String? = nil, package: String? = nil, version: String? = nil) {
    self.namespace = namespace
    self.package = package
    self.version = version
  }

  /// Reads what follows the repository by the format's own routes; empty where that names none.
  init(_ endpoint: RepositoryEndpoint) {
    let rest = endpoint.rest
    self =
      switch endpoint.format {
      case "cargo": Self.cargo(rest)
      case "generic": Self.generic(rest)
      case "maven": Self.maven(rest)
      case "npm": Self.npm(rest)
      case "nuget": Self.nuGet(rest)
      case "pypi": Self.pypi(rest)
      case "ruby": Self.ruby(rest)
      case "swift": Self.swift(rest)
      default: TrailSubject()
      }
  }

  /// The parameters of a package manager's request, as CloudTrail names them.
  func json(at endpoint: RepositoryEndpoint) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    let members = [
      ("domainName", endpoint.path.domain), ("domainOwner", endpoint.path.owner),
      ("repositoryName", endpoint.path.repository), ("packageFormat", endpoint.format),
      ("packageNamespace", namespace), ("packageName", package), ("packageVersion", version),
    ]
    for case (let name, let value?) in members {
      writer.name(name)
      writer.string(value)
    }
    writer.endObject()
    return writer.bytes
  }
}

extension TrailSubject {
  private static func cargo(_ rest: [String]) -> TrailSubject {
    switch CargoRoute(rest) {
    case .indexFile(let name), .owners(let name), .versions(let name):
      TrailSubject(package: name.spelling)
    case .download(let name, let version), .yank(let name, let version),
      .unyank(let name, let version):
      TrailSubject(package: name.spelling, version: version)
    case .configuration, .publish, .search, nil: TrailSubject()
    }
  }

  private static func generic(_ rest: [String]) -> TrailSubject {
    guard let address = GenericAddress(rest) else { return TrailSubject() }
    return TrailSubject(
      namespace: address.coordinates.namespace,
      package: address.coordinates.name,
      version: address.version
    )
  }

  private static func maven(_ rest: [String]) -> TrailSubject {
    switch MavenPath(rest) {
    case .file(let file, _):
      TrailSubject(namespace: file.group, package: file.artifact, version: file.version)
    case .metadata(let group, let artifact, _): TrailSubject(namespace: group, package: artifact)
    case .snapshotMetadata(let group, let artifact, let base, _):
      TrailSubject(namespace: group, package: artifact, version: base)
    case nil: TrailSubject()
    }
  }

  private static func npm(_ rest: [String]) -> TrailSubject {
    switch NpmRoute(rest) {
    case .package(let name), .packageRevision(let name, _), .tags(let name), .tag(let name, _):
      TrailSubject(namespace: name.scope, package: name.base)
    case .manifest(let name, let version), .attestations(let name, let version):
      TrailSubject(namespace: name.scope, package: name.base, version: version)
    case .archive(let name, let file), .archiveRevision(let name, let file, _):
      TrailSubject(
        namespace: name.scope,
        package: name.base,
        version: version(of: file.split(separator: "/").last ?? "", after: name.base, ".tgz")
      )
    case .root, .search, .service, nil: TrailSubject()
    }
  }

  private static func nuGet(_ rest: [String]) -> TrailSubject {
    switch NuGetRoute(rest) {
    case .versions(let id): TrailSubject(package: id)
    case .file(let id, let version, _), .version(let id, let version):
      TrailSubject(package: id, version: version)
    case .registration(_, .index(let id)), .registration(_, .page(let id, _, _)):
      TrailSubject(package: id)
    case .registration(_, .leaf(let id, let version)): TrailSubject(package: id, version: version)
    default: TrailSubject()
    }
  }

  /// `simple/{project}/{version}/{file}` and what leads there.
  private static func pypi(_ rest: [String]) -> TrailSubject {
    guard rest.first == "simple", rest.count > 1, rest[1] != "" else { return TrailSubject() }
    let name = ProjectName(rest[1])?.normalized ?? rest[1]
    return TrailSubject(package: name, version: rest.count == 4 ? rest[2] : nil)
  }

  private static func ruby(_ rest: [String]) -> TrailSubject {
    switch RubyRoute(rest) {
    case .info(let name), .owners(let name, _): return TrailSubject(package: name)
    case .gem(let stem), .specification(let stem):
      // A gem's version begins with a digit, and no part of its name's end does.
      let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
      let mark = parts.dropFirst().firstIndex { $0.first?.isNumber == true }
      guard let mark else { return TrailSubject(package: stem) }
      return TrailSubject(
        package: parts[..<mark].joined(separator: "-"),
        version: parts[mark...].joined(separator: "-")
      )
    default: return TrailSubject()
    }
  }

  private static func swift(_ rest: [String]) -> TrailSubject {
    switch SwiftRoute(rest) {
    case .releases(let package):
      TrailSubject(namespace: package.normalizedScope, package: package.normalizedName)
    case .release(let package, let version), .manifest(let package, let version),
      .archive(let package, let version):
      TrailSubject(
        namespace: package.normalizedScope,
        package: package.normalizedName,
        version: version
      )
    case .login, .availability, .identifiers, nil: TrailSubject()
    }
  }

  private static func version(
    of file: Substring,
    after name: String,
    _ ending: String
  ) -> String? {
    guard file.hasPrefix(name + "-"), file.hasSuffix(ending) else { return nil }
    let version = file.dropFirst(name.count + 1).dropLast(ending.count)
    return version.isEmpty ? nil : String(version)
  }
}
