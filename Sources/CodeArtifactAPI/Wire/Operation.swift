/// The 48 operations of the CodeArtifact API, version 2018-09-22, by their names in its model.
package enum Operation: String, CaseIterable, Sendable {
  case associateExternalConnection = "AssociateExternalConnection"
  case copyPackageVersions = "CopyPackageVersions"
  case createDomain = "CreateDomain"
  case createPackageGroup = "CreatePackageGroup"
  case createRepository = "CreateRepository"
  case deleteDomain = "DeleteDomain"
  case deleteDomainPermissionsPolicy = "DeleteDomainPermissionsPolicy"
  case deletePackage = "DeletePackage"
  case deletePackageGroup = "DeletePackageGroup"
  case deletePackageVersions = "DeletePackageVersions"
  case deleteRepository = "DeleteRepository"
  case deleteRepositoryPermissionsPolicy = "DeleteRepositoryPermissionsPolicy"
  case describeDomain = "DescribeDomain"
  case describePackage = "DescribePackage"
  case describePackageGroup = "DescribePackageGroup"
  case describePackageVersion = "DescribePackageVersion"
  case describeRepository = "DescribeRepository"
  case disassociateExternalConnection = "DisassociateExternalConnection"
  case disposePackageVersions = "DisposePackageVersions"
  case getAssociatedPackageGroup = "GetAssociatedPackageGroup"
  case getAuthorizationToken = "GetAuthorizationToken"
  case getDomainPermissionsPolicy = "GetDomainPermissionsPolicy"
  case getPackageVersionAsset = "GetPackageVersionAsset"
  case getPackageVersionReadme = "GetPackageVersionReadme"
  case getRepositoryEndpoint = "GetRepositoryEndpoint"
  case getRepositoryPermissionsPolicy = "GetRepositoryPermissionsPolicy"
  case listAllowedRepositoriesForGroup = "ListAllowedRepositoriesForGroup"
  case listAssociatedPackages = "ListAssociatedPackages"
  case listDomains = "ListDomains"
  case listPackageGroups = "ListPackageGroups"
  case listPackageVersionAssets = "ListPackageVersionAssets"
  case listPackageVersionDependencies = "ListPackageVersionDependencies"
  case listPackageVersions = "ListPackageVersions"
  case listPackages = "ListPackages"
  case listRepositories = "ListRepositories"
  case listRepositoriesInDomain = "ListRepositoriesInDomain"
  case listSubPackageGroups = "ListSubPackageGroups"
  case listTagsForResource = "ListTagsForResource"
  case publishPackageVersion = "PublishPackageVersion"
  case putDomainPermissionsPolicy = "PutDomainPermissionsPolicy"
  case putPackageOriginConfiguration = "PutPackageOriginConfiguration"
  case putRepositoryPermissionsPolicy = "PutRepositoryPermissionsPolicy"
  case tagResource = "TagResource"
  case untagResource = "UntagResource"
  case updatePackageGroup = "UpdatePackageGroup"
  case updatePackageGroupOriginConfiguration = "UpdatePackageGroupOriginConfiguration"
  case updatePackageVersionsStatus = "UpdatePackageVersionsStatus"
  case updateRepository = "UpdateRepository"
}

extension Operation {
  /// The operation that answers to a method and a path, or nil.
  ///
  /// Paths carry no parameters in this API: everything is in the query or the body.
  package init?(method: String, path: String) {
    guard let operation = Self.byRoute["\(method) \(path)"] else { return nil }
    self = operation
  }

  /// Whether the body is content of any length, to be read as it comes.
  var streamsBody: Bool { self == .publishPackageVersion }

  /// Method and path, as the model's `http` traits have them.
  package var route: String {
    switch self {
    case .associateExternalConnection: "POST /v1/repository/external-connection"
    case .copyPackageVersions: "POST /v1/package/versions/copy"
    case .createDomain: "POST /v1/domain"
    case .createPackageGroup: "POST /v1/package-group"
    case .createRepository: "POST /v1/repository"
    case .deleteDomain: "DELETE /v1/domain"
    case .deleteDomainPermissionsPolicy: "DELETE /v1/domain/permissions/policy"
    case .deletePackage: "DELETE /v1/package"
    case .deletePackageGroup: "DELETE /v1/package-group"
    case .deletePackageVersions: "POST /v1/package/versions/delete"
    case .deleteRepository: "DELETE /v1/repository"
    case .deleteRepositoryPermissionsPolicy: "DELETE /v1/repository/permissions/policies"
    case .describeDomain: "GET /v1/domain"
    case .describePackage: "GET /v1/package"
    case .describePackageGroup: "GET /v1/package-group"
    case .describePackageVersion: "GET /v1/package/version"
    case .describeRepository: "GET /v1/repository"
    case .disassociateExternalConnection: "DELETE /v1/repository/external-connection"
    case .disposePackageVersions: "POST /v1/package/versions/dispose"
    case .getAssociatedPackageGroup: "GET /v1/get-associated-package-group"
    case .getAuthorizationToken: "POST /v1/authorization-token"
    case .getDomainPermissionsPolicy: "GET /v1/domain/permissions/policy"
    case .getPackageVersionAsset: "GET /v1/package/version/asset"
    case .getPackageVersionReadme: "GET /v1/package/version/readme"
    case .getRepositoryEndpoint: "GET /v1/repository/endpoint"
    case .getRepositoryPermissionsPolicy: "GET /v1/repository/permissions/policy"
    case .listAllowedRepositoriesForGroup: "GET /v1/package-group-allowed-repositories"
    case .listAssociatedPackages: "GET /v1/list-associated-packages"
    case .listDomains: "POST /v1/domains"
    case .listPackageGroups: "POST /v1/package-groups"
    case .listPackageVersionAssets: "POST /v1/package/version/assets"
    case .listPackageVersionDependencies: "POST /v1/package/version/dependencies"
    case .listPackageVersions: "POST /v1/package/versions"
    case .listPackages: "POST /v1/packages"
    case .listRepositories: "POST /v1/repositories"
    case .listRepositoriesInDomain: "POST /v1/domain/repositories"
    case .listSubPackageGroups: "POST /v1/package-groups/sub-groups"
    case .listTagsForResource: "POST /v1/tags"
    case .publishPackageVersion: "POST /v1/package/version/publish"
    case .putDomainPermissionsPolicy: "PUT /v1/domain/permissions/policy"
    case .putPackageOriginConfiguration: "POST /v1/package"
    case .putRepositoryPermissionsPolicy: "PUT /v1/repository/permissions/policy"
    case .tagResource: "POST /v1/tag"
    case .untagResource: "POST /v1/untag"
    case .updatePackageGroup: "PUT /v1/package-group"
    case .updatePackageGroupOriginConfiguration: "PUT /v1/package-group-origin-configuration"
    case .updatePackageVersionsStatus: "POST /v1/package/versions/update_status"
    case .updateRepository: "PUT /v1/repository"
    }
  }

  private static let byRoute = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.route, $0) }
  )
}
