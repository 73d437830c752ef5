import Access
import Catalog
import Exchange
import FormatRules
import Repository

extension CodeArtifactAPI {
  func listPackages(_ call: inout Call) async throws(Fault) -> JSONValue {
    let path = call.repository()
    let filter = call.packageFilter()
    let page = call.page(default: 100)
    try call.input.finish()
    try await authorize(call, to: .listPackages, on: arn(path))
    let listing = try await depotCall { () throws(RepositoryError) in
      try await depot.listPackages(in: path, filter, limit: page.limit, token: page.token)
    }
    return .members([
      "packages": .array(listing.items.map(summary)),
      "nextToken": .text(listing.nextToken),
    ])
  }

  func describePackage(_ call: inout Call) async throws(Fault) -> JSONValue {
    let path = call.package()
    try call.input.finish()
    try await authorize(call, to: .describePackage, on: arn(path))
    let found = try await depotCall { () throws(RepositoryError) in
      try await depot.describePackage(path.coordinates, in: path.repository)
    }
    return .members(["package": description(of: found)])
  }
}

extension Call {
  /// Namespace and name are prefixes here.
  fileprivate mutating func packageFilter() -> PackageFilter {
    let format = input.optional("format", member: "format", oneOf: PackageFormat.self)
    let namespace = input.optional("namespace", member: "namespace", .packageNamespace)
    let prefix = input.optional("package-prefix", member: "packagePrefix", .packageName)
    return PackageFilter(
      format: format,
      namespacePrefix: namespace.map { normalized($0, in: format) },
      namePrefix: prefix.map { normalized($0, in: format) },
      publish: input.optional("publish", member: "publish", oneOf: OriginControl.self),
      upstream: input.optional("upstream", member: "upstream", oneOf: OriginControl.self)
    )
  }

  private func normalized(_ prefix: String, in format: PackageFormat?) -> String {
    format.map { PackageRules.normalized(prefix, in: $0) } ?? prefix
  }
}

extension CodeArtifactAPI {
  /// The model's `PackageSummary`, which calls the name `package`.
  func summary(of package: PackageRecord) -> JSONValue {
    .members([
      "format": .string(package.coordinates.format.rawValue),
      "namespace": .text(package.coordinates.namespace),
      "package": .string(package.coordinates.name),
      "originConfiguration": Self.configuration(package.restrictions),
    ])
  }

  /// The model's `PackageDescription`, which calls the name `name`.
  private func description(of package: PackageRecord) -> JSONValue {
    .members([
      "format": .string(package.coordinates.format.rawValue),
      "namespace": .text(package.coordinates.namespace),
      "name": .string(package.coordinates.name),
      "originConfiguration": Self.configuration(package.restrictions),
    ])
  }

  static func configuration(_ restrictions: OriginRestrictions) -> JSONValue {
    let controls = JSONValue.members([
      "publish": .string(restrictions.publish.rawValue),
      "upstream": .string(restrictions.upstream.rawValue),
    ])
    return .members(["restrictions": controls])
  }
}
