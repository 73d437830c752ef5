import Access
import Exchange
import FormatRules
import HTTPTypes
import Repository

extension CodeArtifactAPI {
  /// Does what an operation asks.
  func perform(_ operation: Operation, _ call: inout Call) async throws(Fault) -> Reply {
    switch operation {
    case .associateExternalConnection: .json(try await associateExternalConnection(&call))
    case .copyPackageVersions: .json(try await copyPackageVersions(&call))
    case .createDomain: .json(try await createDomain(&call))
    case .createPackageGroup: .json(try await createPackageGroup(&call))
    case .createRepository: .json(try await createRepository(&call))
    case .deleteDomain: .json(try await deleteDomain(&call))
    case .deleteDomainPermissionsPolicy: .json(try await deleteDomainPermissionsPolicy(&call))
    case .deletePackage: .json(try await deletePackage(&call))
    case .deletePackageVersions: .json(try await deletePackageVersions(&call))
    case .deletePackageGroup: .json(try await deletePackageGroup(&call))
    case .deleteRepository: .json(try await deleteRepository(&call))
    case .deleteRepositoryPermissionsPolicy:
      .json(try await deleteRepositoryPermissionsPolicy(&call))
    case .describeDomain: .json(try await describeDomain(&call))
    case .describePackage: .json(try await describePackage(&call))
    case .describePackageGroup: .json(try await describePackageGroup(&call))
    case .describePackageVersion: .json(try await describePackageVersion(&call))
    case .describeRepository: .json(try await describeRepository(&call))
    case .disassociateExternalConnection: .json(try await disassociateExternalConnection(&call))
    case .disposePackageVersions: .json(try await disposePackageVersions(&call))
    case .getAssociatedPackageGroup: .json(try await getAssociatedPackageGroup(&call))
    case .getAuthorizationToken: .json(try await getAuthorizationToken(&call))
    case .getDomainPermissionsPolicy: .json(try await getDomainPermissionsPolicy(&call))
    case .getPackageVersionAsset: try await getPackageVersionAsset(&call)
    case .getPackageVersionReadme: .json(try await getPackageVersionReadme(&call))
    case .getRepositoryEndpoint: .json(try await getRepositoryEndpoint(&call))
    case .getRepositoryPermissionsPolicy:
      .json(try await getRepositoryPermissionsPolicy(&call))
    case .listAllowedRepositoriesForGroup: .json(try await listAllowedRepositoriesForGroup(&call))
    case .listAssociatedPackages: .json(try await listAssociatedPackages(&call))
    case .listDomains: .json(try await listDomains(&call))
    case .listPackageGroups: .json(try await listPackageGroups(&call))
    case .listPackageVersionAssets: .json(try await listPackageVersionAssets(&call))
    case .listPackageVersionDependencies:
      .json(try await listPackageVersionDependencies(&call))
    case .listPackageVersions: .json(try await listPackageVersions(&call))
    case .listPackages: .json(try await listPackages(&call))
    case .listRepositories: .json(try await listRepositories(&call))
    case .listRepositoriesInDomain: .json(try await listRepositoriesInDomain(&call))
    case .listSubPackageGroups: .json(try await listSubPackageGroups(&call))
    case .listTagsForResource: .json(try await listTagsForResource(&call))
    case .publishPackageVersion: .json(try await publishPackageVersion(&call))
    case .putDomainPermissionsPolicy: .json(try await putDomainPermissionsPolicy(&call))
    case .putRepositoryPermissionsPolicy:
      .json(try await putRepositoryPermissionsPolicy(&call))
    case .updatePackageVersionsStatus: .json(try await updatePackageVersionsStatus(&call))
    case .putPackageOriginConfiguration:
      .json(try await putPackageOriginConfiguration(&call))
    case .tagResource: .json(try await tagResource(&call))
    case .untagResource: .json(try await untagResource(&call))
    case .updatePackageGroup: .json(try await updatePackageGroup(&call))
    case .updatePackageGroupOriginConfiguration:
      .json(try await updatePackageGroupOriginConfiguration(&call))
    case .updateRepository: .json(try await updateRepository(&call))
    }
  }

  /// Returns when the caller may do `action` to `resource`.
  func authorize(
    _ call: Call,
    to action: Action,
    on resource: ARN?
  ) async throws(Fault) {
    try await depotCall { () throws(RepositoryError) in
      try await depot.authorize(
        call.principal,
        to: action,
        on: resource,
        context: call.context
      )
    }
  }
}

extension Reply {
  /// A successful answer of an operation.
  static func json(_ value: JSONValue) -> Reply {
    Reply(.ok, headers: [.contentType: "application/json"], body: .bytes(value.bytes))
  }
}

/// Asks the depot, and turns its failure into the API's.
func depotCall<Value: Sendable>(
  _ work: () async throws(RepositoryError) -> Value
) async throws(Fault) -> Value {
  do throws(RepositoryError) {
    return try await work()
  } catch {
    throw Fault(error)
  }
}
