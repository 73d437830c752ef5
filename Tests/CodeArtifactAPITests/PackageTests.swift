import Access
import Bytes
import Catalog
import CodeArtifactAPI
import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

@Suite("Packages, over the API")
struct PackageTests {
  private let service: ServiceFixture

  init() async throws {
    service = try await ServiceFixture()
    try await service.furnish()
    try await record("alpha", ["1.0", "1.1", "2.0"])
    try await record("alpine", ["0.1"])
    try await record("beta", ["3.0"])
  }

  /// Records versions of a Python package, a minute apart, each with two assets.
  private func record(_ name: String, _ versions: [String]) async throws {
    let described = try await service.depot.describeRepository(
      RepositoryPath(owner: ServiceFixture.account, domain: "corp", repository: "r1")
    )
    for version in versions {
      service.clock.advance(by: 60)
      let now = service.clock.now()
      let arrival = VersionArrival(
        package: PackageCoordinates(format: .pypi, name: name),
        displayName: name.uppercased(),
        restrictionsWhenNew: OriginRestrictions(publish: .allow, upstream: .block),
        version: version,
        origin: .published(repository: "r1"),
        publishedAt: now,
        metadata: #"{"summary":"A \"test\"","homePage":"http://x","licenses":[{"name":"MIT"}]}"#,
        assets: ["\(name)-\(version).tar.gz", "\(name)-\(version).whl"].map { asset in
          VersionArrival.Asset(
            name: asset,
            byteCount: 3,
            digests: Self.digests(of: asset),
            uploadedAt: now
          )
        }
      )
      let outcome = try await service.depot.catalog.withTransaction { transaction in
        try transaction.record(arrival, into: [described.repository.id], at: now)
      }
      guard case .recorded = outcome else {
        Issue.record("\(name) \(version): \(outcome)")
        return
      }
    }
  }

  private static func digests(of name: String) -> AssetDigests {
    AssetDigests(
      md5: Array(repeating: 1, count: 16),
      sha1: Array(repeating: 2, count: 20),
      sha256: PayloadHash.sha256(Array(name.utf8)),
      sha512: Array(repeating: 3, count: 64)
    )
  }

  private let repository = [("domain", "corp"), ("repository", "r1")]

  private func package(
    _ name: String = "alpha",
    _ more: [(String, String)] = []
  ) -> [(String, String)] {
    repository + [("format", "pypi"), ("package", name)] + more
  }

  private func names(_ answer: Answer) -> [String] {
    answer.json["packages"]?.array?.compactMap { $0["package"]?.string } ?? []
  }

  private func versions(_ answer: Answer) -> [String] {
    answer.json["versions"]?.array?.compactMap { $0["version"]?.string } ?? []
  }

  @Test func `packages are listed as summaries`() async throws {
    let answer = try await service.call(
      .listPackages,
      repository + [("package-prefix", "alpi")]
    )
    #expect(
      answer.text
        == #"{"packages":[{"format":"pypi","package":"alpine","originConfiguration":"#
        + #"{"restrictions":{"publish":"ALLOW","upstream":"BLOCK"}}}]}"#
    )
  }

  @Test(
    arguments: [
      ([], ["alpha", "alpine", "beta"]), ([("format", "pypi")], ["alpha", "alpine", "beta"]),
      ([("format", "npm")], []), ([("package-prefix", "alp")], ["alpha", "alpine"]),
      ([("publish", "ALLOW")], ["alpha", "alpine", "beta"]), ([("upstream", "ALLOW")], []),
      ([("format", "pypi"), ("namespace", "n")], []),
    ] as [([(String, String)], [String])]
  )
  func `listings of packages are filtered`(
    filter: [(String, String)],
    expected: [String]
  ) async throws {
    let answer = try await service.call(.listPackages, repository + filter)
    try answer.expectSuccess()
    #expect(names(answer) == expected)
  }

  @Test func `pages of packages follow one another`() async throws {
    let first = try await service.call(.listPackages, repository + [("max-results", "2")])
    let token = try #require(first.json["nextToken"]?.string)
    let second = try await service.call(.listPackages, repository + [("next-token", token)])
    #expect(names(first) + names(second) == ["alpha", "alpine", "beta"])
    let other = repository + [("next-token", token), ("publish", "ALLOW")]
    try await service.call(.listPackages, other)
      .expect("ValidationException", 400, reason: "FIELD_VALIDATION_FAILED")
  }

  @Test func `a namespace means nothing without a format`() async throws {
    try await service.call(.listPackages, repository + [("namespace", "n")])
      .expect("ValidationException", 400, reason: "FIELD_VALIDATION_FAILED")
  }

  @Test func `a package is described, or not found`() async throws {
    let answer = try await service.call(.describePackage, package())
    #expect(
      answer.text
        == #"{"package":{"format":"pypi","name":"alpha","originConfiguration":"#
        + #"{"restrictions":{"publish":"ALLOW","upstream":"BLOCK"}}}}"#
    )
    for operation in [Operation.describePackage, .listPackageVersions] {
      try await service.call(operation, package("Alpha"))
        .expect("ResourceNotFoundException", 404, about: "package")
    }
  }

  @Test func `controls for a name that no project is stored by are refused, and say its name`()
    async throws
  {
    let body = #"{"restrictions":{"publish":"ALLOW","upstream":"BLOCK"}}"#
    for spelling in ["Al_Pha", "al.pha", "al--pha"] {
      try await service.call(.putPackageOriginConfiguration, package(spelling), body: body)
        .expectInvalid("package", "Member must be the normalized name of the project: al-pha")
    }
    try await service.call(.putPackageOriginConfiguration, package("al-pha"), body: body)
      .expectSuccess()
  }

  @Test func `namespaces go with their formats`() async throws {
    try await service.call(.describePackage, package("alpha", [("namespace", "n")]))
      .expectInvalid("namespace", "Member must be null")
    try await service.call(
      .describePackage,
      repository + [("format", "maven"), ("package", "p")]
    ).expectInvalid("namespace", "Member must not be null for format maven")
    try await service.call(.describePackage, repository + [("format", "npm"), ("package", "p")])
      .expect("ResourceNotFoundException", 404, about: "package")
  }

  @Test func `versions are listed with what belongs to their package`() async throws {
    let answer = try await service.call(.listPackageVersions, package("beta"))
    let revision = try #require(answer.json["versions"]?.array?.first?["revision"]?.string)
    #expect(
      answer.text
        == #"{"defaultDisplayVersion":"3.0","format":"pypi","package":"beta","versions":["#
        + #"{"version":"3.0","revision":"\#(revision)","status":"Published","origin":"#
        + #"{"domainEntryPoint":{"repositoryName":"r1"},"originType":"INTERNAL"}}]}"#
    )
  }

  @Test(
    arguments: [
      ([("sortBy", "PUBLISHED_TIME")], ["2.0", "1.1", "1.0"]),
      ([("status", "Published")], ["1.0", "1.1", "2.0"]), ([("status", "Archived")], []),
      ([("status", "Deleted")], []), ([("originType", "INTERNAL")], ["1.0", "1.1", "2.0"]),
      ([("originType", "EXTERNAL")], []),
    ] as [([(String, String)], [String])]
  )
  func `versions are sorted and filtered`(
    filter: [(String, String)],
    expected: [String]
  ) async throws {
    let answer = try await service.call(.listPackageVersions, package("alpha", filter))
    #expect(versions(answer) == expected)
    #expect(answer.json["defaultDisplayVersion"]?.string == "2.0")
  }

  @Test func `pages of versions repeat what belongs to their package`() async throws {
    let sorted = [("sortBy", "PUBLISHED_TIME"), ("max-results", "2")]
    let first = try await service.call(.listPackageVersions, package("alpha", sorted))
    let token = try #require(first.json["nextToken"]?.string)
    let second = try await service.call(
      .listPackageVersions,
      package("alpha", sorted + [("next-token", token)])
    )
    #expect(versions(first) + versions(second) == ["2.0", "1.1", "1.0"])
    #expect(second.json["defaultDisplayVersion"]?.string == "2.0")
  }

  @Test func `a version is described with its metadata`() async throws {
    let answer = try await service.call(
      .describePackageVersion,
      package("beta", [("version", "3.0")])
    )
    let revision = try #require(answer.json["packageVersion"]?["revision"]?.string)
    #expect(
      answer.text
        == #"{"packageVersion":{"format":"pypi","packageName":"beta","displayName":"BETA","#
        + #""version":"3.0","summary":"A \"test\"","homePage":"http://x","#
        + #""publishedTime":1700000300.250,"licenses":[{"name":"MIT"}],"#
        + #""revision":"\#(revision)","status":"Published","origin":"#
        + #"{"domainEntryPoint":{"repositoryName":"r1"},"originType":"INTERNAL"}}}"#
    )
  }

  @Test func `assets are listed with four digests, page by page`() async throws {
    let key = package("beta", [("version", "3.0"), ("max-results", "1")])
    let first = try await service.call(.listPackageVersionAssets, key)
    let token = try #require(first.json["nextToken"]?.string)
    let second = try await service.call(
      .listPackageVersionAssets,
      key + [("next-token", token)]
    )
    let revision = try #require(second.json["versionRevision"]?.string)
    let sha256 = PayloadHash.sha256(Array("beta-3.0.whl".utf8)).hexadecimal
    #expect(
      second.text
        == #"{"format":"pypi","package":"beta","version":"3.0","versionRevision":"\#(revision)","#
        + #""assets":[{"name":"beta-3.0.whl","size":3,"hashes":{"#
        + #""MD5":"\#(String(repeating: "01", count: 16))","#
        + #""SHA-1":"\#(String(repeating: "02", count: 20))","SHA-256":"\#(sha256)","#
        + #""SHA-512":"\#(String(repeating: "03", count: 64))"}}]}"#
    )
  }

  @Test func `an asset is answered with its blob and three headers`() async throws {
    let key = package("beta", [("version", "3.0"), ("asset", "beta-3.0.whl")])
    let answer = try await service.call(.getPackageVersionAsset, key)
    guard case .blob(let blob, let range) = answer.body else {
      Issue.record("\(answer.text)")
      return
    }
    #expect(blob.key == PayloadHash.sha256(Array("beta-3.0.whl".utf8)))
    #expect(range == 0..<3)
    let headers = ["X-AssetName", "X-PackageVersion", "X-PackageVersionRevision"].map { name in
      HTTPField.Name(name).flatMap { answer.headers[$0] } ?? ""
    }
    #expect(headers[0] == "beta-3.0.whl")
    #expect(headers[1] == "3.0")
    let pinned = try await service.call(
      .getPackageVersionAsset,
      key + [("revision", headers[2])]
    )
    #expect(pinned.status == 200)
    try await service.call(.getPackageVersionAsset, key + [("revision", "another")])
      .expect("ConflictException", 409, about: "package-version")
  }

  @Test func `what is not there is not found, and says what`() async throws {
    let version = package("beta", [("version", "9")])
    for operation in [
      Operation.describePackageVersion, .listPackageVersionAssets,
      .listPackageVersionDependencies, .getPackageVersionReadme,
    ] {
      try await service.call(operation, version)
        .expect("ResourceNotFoundException", 404, about: "package-version")
    }
    let asset = package("beta", [("version", "3.0"), ("asset", "nothing")])
    try await service.call(.getPackageVersionAsset, asset)
      .expect("ResourceNotFoundException", 404, about: "asset")
    for operation in [
      Operation.listPackages, .describePackage, .listPackageVersions, .describePackageVersion,
      .listPackageVersionAssets, .getPackageVersionAsset, .listPackageVersionDependencies,
      .getPackageVersionReadme,
    ] {
      let query = [
        ("domain", "corp"), ("repository", "missing"), ("format", "pypi"), ("package", "p"),
        ("version", "1"), ("asset", "a"),
      ]
      try await service.call(operation, query)
        .expect("ResourceNotFoundException", 404, about: "repository")
    }
  }

  @Test func `another account's packages are denied by their own names`() async throws {
    let query = package(
      "alpha",
      [("version", "1.0"), ("asset", "a"), ("domain-owner", ServiceFixture.other)]
    )
    for operation in [
      Operation.describePackage, .listPackageVersions, .describePackageVersion,
      .listPackageVersionAssets, .getPackageVersionAsset, .listPackageVersionDependencies,
      .getPackageVersionReadme,
    ] {
      try await service.call(operation, query).expect(
        "AccessDeniedException",
        403,
        containing: "codeartifact:\(operation.rawValue) on resource: "
          + "arn:aws:codeartifact:eu-central-1:210987654321:package/corp/r1/pypi//alpha"
      )
    }
  }
}
