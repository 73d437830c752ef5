import Catalog
import FormatRules
import Testing

@testable import Repository

@Suite("Status, disposal and deletion of versions")
struct VersionStatusTests {
  private let tool = PackageCoordinates(format: .npm, name: "tool")

  private func withVersions(
    _ body: (DepotFixture, RepositoryPath) async throws -> Void
  ) async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["store": []])
      for (number, version) in ["1.0.0", "2.0.0", "3.0.0"].enumerated() {
        try await fixture.record(
          "tool",
          version,
          in: "store",
          format: .npm,
          assets: [DepotFixture.asset("package.tgz", blob: UInt64(number))]
        )
      }
      try await body(fixture, fixture.path("store"))
    }
  }

  @Test func `a status is set and can be set back, and the revision stays`() async throws {
    try await withVersions { fixture, store in
      let depot = fixture.depot
      let first = try await depot.describePackageVersion("1.0.0", of: tool, in: store)
      for status in [VersionStatus.unlisted, .archived, .archived, .published] {
        let result = try await depot.updateStatus(
          of: VersionBatch(["1.0.0"], revisions: ["1.0.0": first.revision]),
          tool,
          in: store,
          to: status
        )
        #expect(result.outcomes == ["1.0.0": status.rawValue])
        #expect(result.successful.first?.revision == first.revision)
      }
      for status in [VersionStatus.unfinished, .disposed] {
        let error = await fixture.failure {
          try await depot.updateStatus(of: VersionBatch(["1.0.0"]), tool, in: store, to: status)
        }
        #expect(error?.code == .validation)
      }
    }
  }

  @Test func `one version that fails keeps all others as they are`() async throws {
    try await withVersions { fixture, store in
      let depot = fixture.depot
      _ = try await depot.updateStatus(of: VersionBatch(["2.0.0"]), tool, in: store, to: .unlisted)
      let result = try await depot.updateStatus(
        of: VersionBatch(
          ["1.0.0", "2.0.0", "3.0.0", "4.0.0"],
          revisions: ["3.0.0": "other"],
          expectedStatus: "Published"
        ),
        tool,
        in: store,
        to: .archived
      )
      #expect(
        result.outcomes == [
          "1.0.0": "SKIPPED", "2.0.0": "MISMATCHED_STATUS", "3.0.0": "MISMATCHED_REVISION",
          "4.0.0": "NOT_FOUND",
        ]
      )
      #expect(
        result.message(of: "2.0.0") == "current status: Unlisted, expected status: Published"
      )
      let third = try await depot.describePackageVersion("3.0.0", of: tool, in: store)
      #expect(
        result.message(of: "3.0.0")
          == "current revision: \(third.revision), expected revision: other"
      )
      #expect(try await fixture.status("1.0.0", of: tool, in: "store") == "Published")
    }
  }

  @Test func `versions that look the same and are not are told apart`() async throws {
    try await withVersions { fixture, store in
      let (one, other) = ("1-\u{E9}", "1-e\u{301}")
      for version in [one, other] {
        try await fixture.record("tool", version, in: "store", format: .npm)
      }
      let batch = VersionBatch([one, other, one])
      #expect(batch.versions.count == 2)
      let result = try await fixture.depot.deleteVersions(batch, of: tool, in: store)
      #expect(result.successful.map(\.status) == ["Deleted", "Deleted"])
      for version in [one, other] {
        #expect(try await fixture.status(version, of: tool, in: "store") == nil)
      }
    }
  }

  @Test func `what is disposed of gives its bytes back and can only be deleted`() async throws {
    try await withVersions { fixture, store in
      let depot = fixture.depot
      let batch = VersionBatch(["1.0.0"])
      let before = try await fixture.domain().assetByteCount
      for _ in 1...2 {
        let result = try await depot.dispose(batch, of: tool, in: store)
        #expect(result.outcomes == ["1.0.0": "Disposed"])
        #expect(try await fixture.domain().assetByteCount == before - 100)
      }
      let assets = try await depot.listPackageVersionAssets(of: "1.0.0", tool, in: store)
      #expect(assets.assets.items.isEmpty)
      let refused = try await depot.updateStatus(of: batch, tool, in: store, to: .published)
      #expect(refused.outcomes == ["1.0.0": "NOT_ALLOWED"])
      let deleted = try await depot.deleteVersions(batch, of: tool, in: store)
      #expect(deleted.outcomes == ["1.0.0": "Deleted"])
      let again = try await depot.deleteVersions(batch, of: tool, in: store)
      #expect(again.outcomes == ["1.0.0": "NOT_FOUND"])
    }
  }

  @Test func `what is withdrawn takes nothing until it is deleted, not even the same`()
    async throws
  {
    try await withVersions { fixture, store in
      let depot = fixture.depot
      func arrive() async throws -> VersionArrival.Outcome {
        let arrival = VersionArrival(
          package: tool,
          displayName: "tool",
          restrictionsWhenNew: OriginRestrictions(publish: .allow, upstream: .block),
          version: "1.0.0",
          origin: .published(repository: "store"),
          publishedAt: Timestamp(seconds: 9),
          assets: [DepotFixture.asset("package.tgz", blob: 0)]
        )
        return try await depot.write { transaction in
          let (record, _) = try transaction.requireRepository(store)
          return try transaction.record(arrival, into: [record.id], at: Timestamp(seconds: 9))
        }
      }
      let batch = VersionBatch(["1.0.0"])
      _ = try await depot.updateStatus(of: batch, tool, in: store, to: .archived)
      guard case .closed(.archived) = try await arrive() else {
        Issue.record("an archived version took an asset")
        return
      }
      _ = try await depot.dispose(batch, of: tool, in: store)
      guard case .closed(.disposed) = try await arrive() else {
        Issue.record("a version that was disposed of took an asset")
        return
      }
      _ = try await depot.deleteVersions(batch, of: tool, in: store)
      guard case .recorded = try await arrive() else {
        Issue.record("a deleted version could not be published again")
        return
      }
    }
  }

  @Test func `tags go with the versions that they point to`() async throws {
    try await withVersions { fixture, store in
      let depot = fixture.depot
      let tags = #"{"dist-tags":{"latest":"3.0.0","old":"1.0.0"},"owner":"me"}"#
      try await depot.write { transaction in
        let package = try transaction.requirePackage(tool, in: store)
        try transaction.amend(package.id, attributes: tags, at: Timestamp(seconds: 9))
      }
      _ = try await depot.deleteVersions(VersionBatch(["3.0.0"]), of: tool, in: store)
      let package = try await depot.describePackage(tool, in: store)
      #expect(package.attributes == #"{"owner":"me","dist-tags":{"old":"1.0.0"}}"#)
    }
  }

  @Test func `a deleted package is gone with its versions, bytes and settings`() async throws {
    try await withVersions { fixture, store in
      let depot = fixture.depot
      let last = try await depot.deletePackage(tool, in: store)
      #expect(last.restrictions == OriginRestrictions(publish: .allow, upstream: .block))
      #expect(try await depot.listPackages(in: store).items.isEmpty)
      let missing = await fixture.failure { try await depot.deletePackage(tool, in: store) }
      #expect(missing?.code == .notFound)
      #expect(missing?.resourceType == .package)
      try await depot.clearDeleted()
      #expect(try await fixture.domain().assetByteCount == 0)
      #expect(try await fixture.domain().repositoryCount == 1)
      try await fixture.record("tool", "1.0.0", in: "store", format: .npm)
      #expect(try await fixture.status("2.0.0", of: tool, in: "store") == nil)
    }
  }

  @Test func `each change of a version is one journal row that says what changed`()
    async throws
  {
    try await withVersions { fixture, store in
      let depot = fixture.depot
      let domain = try await fixture.domain()
      let one = VersionBatch(["1.0.0"])
      _ = try await depot.updateStatus(of: one, tool, in: store, to: .unlisted)
      _ = try await depot.dispose(one, of: tool, in: store)
      _ = try await depot.deletePackage(tool, in: store)
      let rows = try await fixture.catalog.read { rows throws(CatalogError) in
        try rows.journal(of: domain.id, after: domain.serial, limit: 100)
      }
      let changes = rows.map { row in
        let change = JSONValue.stored(row.detail)["change"]
        return [
          row.kind.rawValue, row.subject.version ?? "-", change?["operation"]?.string ?? "-",
          change?["assetsRemoved"].map { "\($0)" } ?? "-",
          change?["statusChanged"].map { "\($0)" } ?? "-",
        ].joined(separator: " ")
      }
      #expect(
        changes == [
          "version-amended 1.0.0 Updated \(JSONValue.number("0")) \(JSONValue.bool(true))",
          "version-amended 1.0.0 Updated \(JSONValue.number("1")) \(JSONValue.bool(true))",
          "version-removed 1.0.0 Deleted \(JSONValue.number("0")) \(JSONValue.bool(true))",
          "version-removed 2.0.0 Deleted \(JSONValue.number("1")) \(JSONValue.bool(true))",
          "version-removed 3.0.0 Deleted \(JSONValue.number("1")) \(JSONValue.bool(true))",
          "package-removed - - - -",
        ]
      )
    }
  }
}
