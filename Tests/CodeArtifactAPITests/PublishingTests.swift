import Access
import Bytes
import Catalog
import CodeArtifactAPI
import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

@Suite("Generic packages, over the API")
struct PublishingTests {
  private let version = [
    ("domain", "corp"), ("repository", "r1"), ("format", "generic"), ("namespace", "lab"),
    ("package", "tools"), ("version", "1.0"),
  ]

  private func makeService(
    quotas: Quotas = Quotas(),
    assetByteLimit: UInt64? = nil
  ) async throws -> ServiceFixture {
    let service = try await ServiceFixture(quotas: quotas, assetByteLimit: assetByteLimit)
    try await service.furnish()
    return service
  }

  private func content(_ asset: String, _ service: ServiceFixture) async throws -> String? {
    let answer = try await service.call(.getPackageVersionAsset, version + [("asset", asset)])
    guard case .blob(let blob, let range) = answer.body else { return nil }
    return try await service.depot.contents(
      of: blob.key,
      in: blob.scope.map { DomainID($0) },
      range: range
    ).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func `an asset is published with its version, and can be had`() async throws {
    let service = try await makeService()
    let answer = try await service.publish("a b.bin", "bytes")
    try answer.expectSuccess()
    let hash = PayloadHash.sha256(Array("bytes".utf8)).hexadecimal
    let revision = try #require(answer.json["versionRevision"]?.string)
    #expect(answer.json["asset"]?["hashes"]?["SHA-256"]?.string == hash)
    #expect(answer.json["asset"]?["size"]?.natural == 5)
    #expect(
      answer.text.hasPrefix(
        #"{"format":"generic","namespace":"lab","package":"tools","version":"1.0","#
          + #""versionRevision":"\#(revision)","status":"Published","asset":{"name":"a b.bin","#
      )
    )
    #expect(try await content("a b.bin", service) == "bytes")
    let described = try await service.call(.describePackageVersion, version)
    #expect(described.json["packageVersion"]?["revision"]?.string == revision)
    #expect(described.json["packageVersion"]?["displayName"]?.string == "tools")
  }

  @Test func `an unfinished version gains assets until one comes without the word`() async throws {
    let service = try await makeService()
    for (asset, flag, status) in [
      ("a", "true", "Unfinished"), ("b", "true", "Unfinished"), ("c", "false", "Published"),
    ] {
      let answer = try await service.publish(asset, asset, unfinished: flag)
      #expect(answer.json["status"]?.string == status, "\(answer.text)")
    }
    let assets = try await service.call(.listPackageVersionAssets, version)
    #expect(assets.json["assets"]?.array?.compactMap { $0["name"]?.string } == ["a", "b", "c"])
  }

  @Test func `a published version takes no more, and the same again is a success`() async throws {
    let service = try await makeService()
    let first = try await service.publish("a", "1")
    for flag in [nil, "true"] {
      let again = try await service.publish("a", "1", unfinished: flag)
      #expect(again.json == first.json)
      try await service.publish("a", "2", unfinished: flag)
        .expect("ConflictException", 409, about: "asset")
      try await service.publish("b", "1", unfinished: flag)
        .expect("ConflictException", 409, about: "package-version", containing: "Published")
    }
    #expect(try await content("a", service) == "1")
  }

  @Test func `assets that come all at once all arrive`() async throws {
    let service = try await makeService()
    let answers = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<20 {
        group.addTask {
          try await service.publish("a\(number)", "\(number)", unfinished: "true").status
        }
      }
      return try await group.reduce(into: [Int]()) { $0.append($1) }
    }
    #expect(answers == [Int](repeating: 200, count: 20))
    try await service.publish("last", "last").expectSuccess()
    let assets = try await service.call(.listPackageVersionAssets, version)
    #expect(assets.json["assets"]?.array?.count == 21)
  }

  @Test func `the same bytes finish an unfinished version`() async throws {
    let service = try await makeService()
    try await service.publish("a", "1", unfinished: "true").expectSuccess()
    try await service.publish("a", "2").expect("ConflictException", 409, about: "asset")
    let answer = try await service.publish("a", "1")
    #expect(answer.json["status"]?.string == "Published")
  }

  @Test func `content that is not what was signed is refused, and nothing is kept`() async throws {
    let service = try await makeService()
    let other = PayloadHash.sha256([1])
    try await service.publish("a", "1", claiming: other).expect(
      "ValidationException",
      400,
      reason: "FIELD_VALIDATION_FAILED",
      containing: "digest"
    )
    try await service.call(.describePackageVersion, version)
      .expect("ResourceNotFoundException", 404, about: "package")
  }

  @Test func `content that breaks off is refused`() async throws {
    let service = try await makeService()
    let answer = try await service.publish("a", "whole") { request in
      request.body = RequestBody(announcedByteCount: 5) { throw CancellationError() }
    }
    answer.expect("ValidationException", 400, reason: "CANNOT_PARSE", containing: "broke")
  }

  @Test func `no asset is larger than may be, announced or not`() async throws {
    let service = try await makeService(assetByteLimit: 4)
    try await service.publish("a", "1234").expectSuccess()
    for isAnnounced in [true, false] {
      let answer = try await service.publish("b", "12345", ["version": "2.0"]) { request in
        guard !isAnnounced else { return }
        let body = request.body
        request.body = RequestBody(announcedByteCount: nil) { try await body.next() }
      }
      answer.expect("ServiceQuotaExceededException", 402, about: "asset", containing: "4 bytes")
    }
  }

  @Test func `a version has no more assets than may be`() async throws {
    var quotas = Quotas()
    quotas.assetsPerVersion = 2
    let service = try await makeService(quotas: quotas)
    for asset in ["a", "b"] {
      try await service.publish(asset, asset, unfinished: "true").expectSuccess()
    }
    try await service.publish("c", "c")
      .expect("ServiceQuotaExceededException", 402, about: "package-version")
    try await service.publish("b", "b").expectSuccess()
  }

  @Test(
    arguments: [
      (["format": "npm"], "format"), (["format": "zip"], "format"), (["format": nil], "format"),
      (["namespace": nil], "namespace"), (["namespace": ".."], "namespace"),
      (["package": ".."], "package"), (["version": "."], "packageVersion"),
      (["version": "1\u{200B}"], "packageVersion"), (["package": "a\\b"], "package"),
      (["version": "a/b"], "packageVersion"), (["asset": nil], "assetName"),
      (["asset": ".."], "assetName"), (["asset": "a/b"], "assetName"),
      (["asset": " a"], "assetName"), (["asset": "a  b"], "assetName"),
      (["asset": "a\u{7}"], "assetName"), (["asset": "😀"], "assetName"),
    ] as [([String: String?], String)]
  )
  func `what names it is held against the rules`(
    changes: [String: String?],
    member: String
  ) async throws {
    let service = try await makeService()
    try await service.publish("a", "1", changes).expectInvalid(member)
  }

  @Test func `the flag and the hash are read strictly`() async throws {
    let service = try await makeService()
    try await service.publish("a", "1", unfinished: "yes").expectInvalid("unfinished")
    for hash in ["", "abc", String(repeating: "A", count: 64), "UNSIGNED-PAYLOAD"] {
      let answer = try await service.publish("a", "1") { request in
        guard let name = HTTPField.Name("x-amz-content-sha256") else { return }
        request.headers[name] = hash
      }
      answer.expectInvalid("assetSHA256")
    }
    let without = try await service.publish("a", "1") { request in
      guard let name = HTTPField.Name("x-amz-content-sha256") else { return }
      request.headers[name] = nil
    }
    without.expect("IncompleteSignatureException", 400)
  }

  @Test func `a missing repository is told before the content is read`() async throws {
    let service = try await makeService()
    let answer = try await service.publish("a", "1", ["repository": "missing"]) { request in
      request.body = RequestBody(announcedByteCount: 1) {
        Issue.record("The content was read.")
        return nil
      }
    }
    answer.expect("ResourceNotFoundException", 404, about: "repository")
  }

  @Test func `generic packages need nothing and say nothing`() async throws {
    let service = try await makeService()
    try await service.publish("README.md", "# Hello").expectSuccess()
    let answer = try await service.call(.listPackageVersionDependencies, version)
    #expect(answer.json["dependencies"] == .array([]))
    try await service.call(.getPackageVersionReadme, version)
      .expect("ResourceNotFoundException", 404, about: "package-version", containing: "Readme")
  }
}
