import Access
import Catalog
import Exchange
import FormatRules
import Repository

extension CodeArtifactAPI {
  /// Opens and closes the roads into a package, which need not be there yet.
  func putPackageOriginConfiguration(_ call: inout Call) async throws(Fault) -> JSONValue {
    let path = call.package()
    let restrictions = call.restrictions()
    call.checkSpelling(of: path.coordinates)
    try call.input.finish()
    try await authorize(call, to: .putPackageOriginConfiguration, on: arn(path))
    guard let restrictions else { return .object([]) }
    let package = try await depotCall { () throws(RepositoryError) in
      try await depot.configureOrigin(
        of: path.coordinates,
        in: path.repository,
        to: restrictions
      )
    }
    return .members(["originConfiguration": Self.configuration(package.restrictions)])
  }
}

extension Call {
  /// Notes a name that no package will ever have: what is set for it would hold for nothing.
  ///
  /// PyPI's names are to be given as they are stored (CodeArtifact user guide, "Package name
  /// normalization"); those of other formats are read in any spelling, or have one only.
  fileprivate mutating func checkSpelling(of package: PackageCoordinates) {
    let name = ProjectName.normalize(package.name)
    guard package.format == .pypi, package.name != name else { return }
    input.note(
      "package",
      value: package.name,
      "Member must be the normalized name of the project: \(name)"
    )
  }

  /// The member `restrictions`; nil when it is noted as missing or as no good.
  fileprivate mutating func restrictions() -> OriginRestrictions? {
    if input.wholeBody["restrictions"] ?? .null == .null {
      input.note("restrictions", value: nil, "Member must not be null")
    }
    guard let members = input.members(body: "restrictions") else { return nil }
    let value = JSONValue.object(members)
    let publish = input.required(
      value["publish"],
      path: "restrictions.publish",
      oneOf: OriginControl.self
    )
    let upstream = input.required(
      value["upstream"],
      path: "restrictions.upstream",
      oneOf: OriginControl.self
    )
    guard let publish, let upstream else { return nil }
    return OriginRestrictions(publish: publish, upstream: upstream)
  }
}
