import Access
import Catalog
import Exchange
import FormatRules
import Repository

/// The operations that change many versions of one package at once.
extension CodeArtifactAPI {
  func copyPackageVersions(_ call: inout Call) async throws(Fault) -> JSONValue {
    let path = call.package(in: "source-repository", member: "sourceRepository")
    let destination = call.input.required(
      "destination-repository",
      member: "destinationRepository",
      .repositoryName
    )
    let batch = call.copiedVersions(of: path.coordinates.format)
    let overwrites = call.input.optionalFlag(body: "allowOverwrite") ?? false
    let includesUpstreams = call.input.optionalFlag(body: "includeFromUpstream") ?? false
    try call.input.finish()
    let target = RepositoryPath(
      owner: path.repository.owner,
      domain: path.repository.domain,
      repository: destination
    )
    try await authorize(call, to: .readFromRepository, on: arn(path.repository))
    try await authorize(call, to: .copyPackageVersions, on: arn(target))
    let copying = VersionCopying(
      batch,
      of: path.coordinates,
      from: path.repository,
      to: target,
      allowsOverwriting: overwrites,
      includesUpstreams: includesUpstreams
    )
    return Self.reply(
      try await depotCall { () throws(RepositoryError) in try await depot.copyVersions(copying) }
    )
  }

  func deletePackageVersions(_ call: inout Call) async throws(Fault) -> JSONValue {
    let path = call.package()
    let batch = call.versionBatch(of: path.coordinates.format, takesRevisions: false)
    try call.input.finish()
    try await authorize(call, to: .deletePackageVersions, on: arn(path))
    let result = try await depotCall { () throws(RepositoryError) in
      try await depot.deleteVersions(batch, of: path.coordinates, in: path.repository)
    }
    return Self.reply(result)
  }

  func disposePackageVersions(_ call: inout Call) async throws(Fault) -> JSONValue {
    let path = call.package()
    let batch = call.versionBatch(of: path.coordinates.format, takesRevisions: true)
    try call.input.finish()
    try await authorize(call, to: .disposePackageVersions, on: arn(path))
    let result = try await depotCall { () throws(RepositoryError) in
      try await depot.dispose(batch, of: path.coordinates, in: path.repository)
    }
    return Self.reply(result)
  }

  func updatePackageVersionsStatus(_ call: inout Call) async throws(Fault) -> JSONValue {
    let path = call.package()
    let batch = call.versionBatch(of: path.coordinates.format, takesRevisions: true)
    let status = call.targetStatus()
    try call.input.finish()
    try await authorize(call, to: .updatePackageVersionsStatus, on: arn(path))
    let result = try await depotCall { () throws(RepositoryError) in
      try await depot.updateStatus(
        of: batch,
        path.coordinates,
        in: path.repository,
        to: status ?? .published
      )
    }
    return Self.reply(result)
  }

  func deletePackage(_ call: inout Call) async throws(Fault) -> JSONValue {
    let path = call.package()
    try call.input.finish()
    try await authorize(call, to: .deletePackage, on: arn(path))
    let last = try await depotCall { () throws(RepositoryError) in
      try await depot.deletePackage(path.coordinates, in: path.repository)
    }
    return .members(["deletedPackage": summary(of: last)])
  }

  /// The model's `SuccessfulPackageVersionInfo` and `PackageVersionError`, by version.
  private static func reply(_ result: VersionBatch.Result) -> JSONValue {
    let successful = result.successful.map { success in
      JSONValue.Member(
        success.version,
        .members([
          "revision": .string(success.revision), "status": .string(success.status),
        ])
      )
    }
    let failed = result.failed.map { version, failure in
      JSONValue.Member(
        version,
        .members([
          "errorCode": .string(failure.code.rawValue), "errorMessage": .string(failure.message),
        ])
      )
    }
    return .members([
      "successfulVersions": .object(successful), "failedVersions": .object(failed),
    ])
  }
}

extension Call {
  /// The status to set, which is one of three: no version becomes unfinished again, and there are
  /// operations of their own to dispose and to delete.
  fileprivate mutating func targetStatus() -> VersionStatus? {
    guard let target = input.optional(body: "targetStatus", oneOf: ModelledVersionStatus.self)
    else {
      if [nil, .null].contains(input.wholeBody["targetStatus"]) {
        input.note("targetStatus", value: nil, "Member must not be null")
      }
      return nil
    }
    switch target {
    case .published: return .published
    case .unlisted: return .unlisted
    case .archived: return .archived
    case .deleted, .disposed, .unfinished:
      input.note(
        "targetStatus",
        value: target.rawValue,
        "Member must be Published, Unlisted or Archived"
      )
      return nil
    }
  }
}
