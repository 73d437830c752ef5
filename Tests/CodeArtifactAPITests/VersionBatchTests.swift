import Access
import Catalog
import CodeArtifactAPI
import FormatRules
import Repository
import Testing

@Suite("Calls about many versions, over the API")
struct VersionBatchTests {
  private let service: ServiceFixture

  init() async throws {
    service = try await ServiceFixture()
    try await service.furnish()
    try await service.call(.createRepository, [("domain", "corp"), ("repository", "r2")])
      .expectSuccess()
    for version in ["1.0", "2.0"] {
      try await service.publish("file", version, ["version": .some(version)]).expectSuccess()
    }
  }

  private static let package = [
    ("domain", "corp"), ("format", "generic"), ("namespace", "lab"), ("package", "tools"),
  ]

  private func call(_ operation: Operation, _ body: String) async throws -> Answer {
    let places =
      operation == .copyPackageVersions
      ? [("source-repository", "r1"), ("destination-repository", "r2")] : [("repository", "r1")]
    return try await service.call(operation, Self.package + places, body: body)
  }

  @Test func `answers have the versions that went well and those that did not`() async throws {
    let done = try await call(.copyPackageVersions, #"{"versions":["1.0"]}"#)
    try done.expectSuccess()
    let success = done.json["successfulVersions"]?["1.0"]
    #expect(success?["status"]?.string == "Published")
    #expect(success?["revision"]?.string?.isEmpty == false)
    #expect(done.json["failedVersions"] == .object([]))
    let refused = try await call(
      .updatePackageVersionsStatus,
      #"{"versions":["1.0","2.0"],"expectedStatus":"Deleted","targetStatus":"Archived"}"#
    )
    try refused.expectSuccess()
    #expect(refused.json["successfulVersions"] == .object([]))
    #expect(
      refused.json["failedVersions"]?["2.0"]
        == .object([
          .init("errorCode", .string("MISMATCHED_STATUS")),
          .init("errorMessage", .string("current status: Published, expected status: Deleted")),
        ])
    )
    let deleted = try await call(.deletePackageVersions, #"{"versions":["2.0","2.0"]}"#)
    #expect(deleted.json["successfulVersions"]?["2.0"]?["status"]?.string == "Deleted")
    let gone = try await service.call(.deletePackage, Self.package + [("repository", "r1")])
    #expect(gone.json["deletedPackage"]?["package"]?.string == "tools")
  }

  @Test func `bodies are held against the model`() async throws {
    let copy = Operation.copyPackageVersions
    try await call(copy, "{}").expectInvalid("versions", "Exactly one of")
    try await call(copy, #"{"versions":["1.0"],"versionRevisions":{"1.0":"x"}}"#)
      .expectInvalid("versions", "Exactly one of")
    try await call(copy, #"{"versions":"1.0"}"#).expectInvalid("versions", "Member must be a list")
    try await call(copy, #"{"versions":[1]}"#)
      .expectInvalid("versions.1.member", "Member must be a string")
    try await call(copy, #"{"versionRevisions":{"a b":"x"}}"#)
      .expectInvalid("versionRevisions.1.key", "Member must satisfy regular")
    try await call(copy, #"{"versions":["1.0"],"allowOverwrite":"yes"}"#)
      .expectInvalid("allowOverwrite", "Member must be a boolean")
    let many = (0...100).map { "\"\($0)\"" }.joined(separator: ",")
    for operation in [copy, .deletePackageVersions, .disposePackageVersions] {
      try await call(operation, "{\"versions\":[\(many)]}")
        .expectInvalid("versions", "Member must have length less than or equal to 100")
      try await call(operation, #"{"versions":[]}"#)
        .expectInvalid("versions", "Member must name a version")
    }
    try await call(.disposePackageVersions, "{}").expectInvalid("versions", "Member must not be")
    try await call(
      .disposePackageVersions,
      #"{"versions":["1.0"],"versionRevisions":{"2.0":"x"}}"#
    ).expectInvalid("versionRevisions", "Member must name the same versions")
    let update = Operation.updatePackageVersionsStatus
    try await call(update, #"{"versions":["1.0"]}"#)
      .expectInvalid("targetStatus", "Member must not be null")
    for status in ["Unfinished", "Disposed", "Deleted"] {
      try await call(update, "{\"versions\":[\"1.0\"],\"targetStatus\":\"\(status)\"}")
        .expectInvalid("targetStatus", "Member must be Published, Unlisted or Archived")
    }
  }

  @Test func `versions of NuGet are known by any of their spellings`() async throws {
    let path = RepositoryPath(owner: ServiceFixture.account, domain: "corp", repository: "r1")
    let described = try await service.depot.describeRepository(path)
    let now = service.clock.now()
    let arrival = VersionArrival(
      package: PackageCoordinates(format: .nuget, name: "acme.core"),
      displayName: "Acme.Core",
      restrictionsWhenNew: OriginRestrictions(publish: .allow, upstream: .block),
      version: "1.0.0",
      origin: .published(repository: "r1"),
      publishedAt: now,
      assets: []
    )
    _ = try await service.depot.catalog.withTransaction { transaction in
      try transaction.record(arrival, into: [described.repository.id], at: now)
    }
    let answer = try await service.call(
      .updatePackageVersionsStatus,
      [("domain", "corp"), ("repository", "r1"), ("format", "nuget"), ("package", "Acme.CORE")],
      body: #"{"versions":["1.00.0.0+x","1.0.0"],"targetStatus":"Unlisted"}"#
    )
    try answer.expectSuccess()
    #expect(answer.json["successfulVersions"]?["1.0.0"]?["status"]?.string == "Unlisted")
  }
}
