import Catalog
import Exchange
import HTTPTypes
import Repository
import Testing

/// CodeArtifact user guide, "Package version status", for the clients of every format.
@Suite("What the status of a version means to package managers")
struct StatusTests {
  @Test(arguments: try StatusSubject.all(), VersionStatus.allCases)
  func `lists show what is published, downloads what is published or unlisted`(
    subject: StatusSubject,
    status: VersionStatus
  ) async throws {
    try await TestHouse.run { house in
      guard try await publish(subject, as: status, in: house) else { return }
      let isOpen = status == .published || status == .unlisted
      if let isListed = try await isListed(subject, in: "tools", house) {
        #expect(isListed == (status == .published))
      }
      #expect(await download(subject, from: "tools", house) == (isOpen ? .ok : .notFound))
      try await downstream(subject, status, isOpen, house)
      #expect(await download(subject, from: "tools", house) == (isOpen ? .ok : .notFound))
    }
  }

  /// What a repository shows of which `tools` is an upstream: the same, and only what may be
  /// downloaded is kept in it.
  ///
  /// Generic packages are never looked for upstream.
  private func downstream(
    _ subject: StatusSubject,
    _ status: VersionStatus,
    _ isOpen: Bool,
    _ house: TestHouse
  ) async throws {
    let path = RepositoryPath(owner: TestHouse.owner, domain: "my-domain", repository: "below")
    _ = try await house.depot.createRepository(
      path,
      administrator: TestHouse.owner,
      upstreams: ["tools"]
    )
    let isReached = isOpen && subject.package.format != .generic
    if let isListed = try await isListed(subject, in: "below", house) {
      #expect(isListed == (status == .published))
    }
    #expect(await download(subject, from: "below", house) == (isReached ? .ok : .notFound))
    let kept = try await house.depot.listPackages(in: path).items
    #expect(kept.map(\.coordinates) == (isReached ? [subject.package] : []))
  }

  @Test(arguments: try StatusSubject.all())
  func `what is withdrawn cannot be published again until it is deleted`(
    subject: StatusSubject
  ) async throws {
    for status in [VersionStatus.archived, .disposed] {
      try await TestHouse.run { house in
        #expect(try await publish(subject, as: status, in: house))
        let again = await upload(subject.uploads[0], of: subject, house)
        #expect(again == .conflict, "\(status)")
        #expect(await download(subject, from: "tools", house) == .notFound)
        _ = try await house.depot.deleteVersions(
          VersionBatch([subject.version]),
          of: subject.package,
          in: TestHouse.path
        )
        for step in subject.uploads {
          #expect(await upload(step, of: subject, house).kind == .successful, "\(status)")
        }
        #expect(await download(subject, from: "tools", house) == .ok)
      }
    }
  }

  /// Returns false where versions of the format are never in this status.
  private func publish(
    _ subject: StatusSubject,
    as status: VersionStatus,
    in house: TestHouse
  ) async throws -> Bool {
    var uploads = subject.uploads[...]
    if status == .unfinished {
      guard let count = subject.unfinishedAfter else { return false }
      uploads = uploads.prefix(count)
    }
    for step in uploads {
      let answer = await upload(step, of: subject, house)
      try #require(answer.kind == .successful, "\(answer)")
    }
    // So that what is remembered of it has to be forgotten.
    if status != .unfinished { #expect(await download(subject, from: "tools", house) == .ok) }
    let batch = VersionBatch([subject.version])
    let result: VersionBatch.Result
    switch status {
    case .unfinished: return true
    case .disposed:
      result = try await house.depot.dispose(batch, of: subject.package, in: TestHouse.path)
    case .archived, .published, .unlisted:
      result = try await house.depot.updateStatus(
        of: batch,
        subject.package,
        in: TestHouse.path,
        to: status
      )
    }
    #expect(result.successful.map(\.status) == [status.rawValue])
    return true
  }

  private func upload(
    _ step: StatusSubject.Upload,
    of subject: StatusSubject,
    _ house: TestHouse
  ) async -> HTTPResponse.Status {
    var headers: HTTPFields = [:]
    headers[.contentType] = step.type
    let reply = await house.send(
      step.method,
      subject.address(step.path, in: "tools"),
      headers,
      body: RequestBody(pieces: step.body, of: 1000)
    )
    return reply.status
  }

  /// Nil where nothing lists versions of the format to package managers.
  private func isListed(
    _ subject: StatusSubject,
    in repository: String,
    _ house: TestHouse
  ) async throws -> Bool? {
    guard let list = subject.list else { return nil }
    let reply = await house.send(.get, subject.address(list, in: repository))
    guard reply.status == .ok else { return false }
    return subject.isListed(try await house.text(reply))
  }

  private func download(
    _ subject: StatusSubject,
    from repository: String,
    _ house: TestHouse
  ) async -> HTTPResponse.Status {
    await house.send(.get, subject.address(subject.file, in: repository)).status
  }
}
