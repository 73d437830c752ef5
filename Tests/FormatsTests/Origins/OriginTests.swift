import Catalog
import Exchange
import HTTPTypes
import Repository
import Testing

/// Who publishes a name here first is not shadowed by others who use it, in any format; package
/// groups open and close that.
@Suite("Origins")
struct OriginTests {
  private func group(_ format: PackageFormat) -> String { "/\(format.rawValue)/*" }

  private func change(
    _ pattern: String,
    _ modes: [GroupRestriction: GroupRestrictionMode],
    allowing repositories: [String] = [],
    for road: GroupRestriction = .publish,
    in origins: OriginHouse
  ) async throws {
    _ = try await origins.house.depot.updateOriginConfiguration(
      ofPackageGroup: pattern,
      owner: TestHouse.owner,
      domain: TestHouse.path.domain,
      GroupOriginChange(
        modes: modes,
        added: repositories.map { GroupOriginChange.Entry(repository: $0, road: road) }
      )
    )
  }

  private func create(_ pattern: String, in origins: OriginHouse) async throws {
    _ = try await origins.house.depot.createPackageGroup(
      pattern,
      owner: TestHouse.owner,
      domain: TestHouse.path.domain
    )
  }

  private func restrictions(
    _ format: PackageFormat,
    in repository: String,
    _ origins: OriginHouse
  ) async throws -> OriginRestrictions {
    try await origins.house.depot.describePackage(
      origins.coordinates(format),
      in: OriginHouse.path(repository)
    ).restrictions
  }

  @Test(arguments: PackageFormat.allCases)
  func `a package first published here is not shadowed by default`(
    format: PackageFormat
  ) async throws {
    try await OriginHouse.run { origins in
      // The other side of the coin: what is not published here is had from upstream.
      #expect(try await origins.shows("9.0.0", of: format) == (format != .generic))
      try await origins.publish("1.0.0", as: format)
      #expect(
        try await restrictions(format, in: "own", origins)
          == OriginRestrictions(publish: .allow, upstream: .block)
      )
      #expect(try await origins.shows("1.0.0", of: format))
      #expect(try await !origins.shows("9.0.0", of: format))
      for path in OriginHouse.files(of: format) where path.contains("9.0.0") {
        #expect(try await origins.get(path, of: format).status == .notFound, "\(path)")
      }
      // Upstream does not stand in the way of the same version either.
      try await origins.publish("9.0.0", as: format)
    }
  }

  @Test(arguments: PackageFormat.allCases)
  func `groups open and close what lies upstream`(format: PackageFormat) async throws {
    try await OriginHouse.run { origins in
      let pattern = group(format)
      try await create(pattern, in: origins)
      try await change(
        pattern,
        [.publish: .allowSpecificRepositories],
        allowing: ["own"],
        in: origins
      )
      try await origins.publish("1.0.0", as: format)
      #expect(
        try await restrictions(format, in: "own", origins)
          == OriginRestrictions(publish: .allow, upstream: .allow)
      )
      let isResolved = format != .generic
      #expect(try await origins.shows("1.0.0", of: format))
      #expect(try await origins.shows("9.0.0", of: format) == isResolved)
      let open = try await origins.get(OriginHouse.list(of: format), of: format)
      if isResolved {
        let again = await origins.attempt("9.0.0", as: format)
        #expect(again.status != .ok && again.status != .created)
      }
      let isInternal = format == .swift || format == .generic
      let road = isInternal ? GroupRestriction.internalUpstream : .externalUpstream
      try await change(pattern, [road: .block], in: origins)
      #expect(try await origins.shows("1.0.0", of: format))
      #expect(try await !origins.shows("9.0.0", of: format))
      let closed = try await origins.get(OriginHouse.list(of: format), of: format)
      if isResolved, open.tag != nil { #expect(closed.tag != open.tag) }
      // Outside is judged at the connection, inside where it would be retained.
      let stores = ["npm": "npmjs", "maven": "maven-central", "nuget": "nuget-org"]
        .merging(["cargo": "crates-io", "ruby": "ruby-gems-org"]) { first, _ in first }
      let store = "store-" + (stores[format.rawValue] ?? format.rawValue)
      try await change(
        pattern,
        [road: .allowSpecificRepositories],
        allowing: [isInternal ? "own" : store],
        for: road,
        in: origins
      )
      #expect(try await origins.shows("9.0.0", of: format) == isResolved)
      try await change(pattern, [road: .inherit], in: origins)
      try await change("/*", [.internalUpstream: .block], in: origins)
      #expect(try await !origins.shows("9.0.0", of: format))
    }
  }

  @Test(arguments: PackageFormat.allCases)
  func `groups close publishing, with a reason`(format: PackageFormat) async throws {
    try await OriginHouse.run { origins in
      try await change(
        "/*",
        [.publish: .allowSpecificRepositories],
        allowing: ["above"],
        in: origins
      )
      let refused = await origins.attempt("1.0.0", as: format)
      #expect(refused.status == .forbidden)
      #expect(try await origins.house.text(refused).contains("package group /*"))
      try await change("/*", [.publish: .allow], in: origins)
      _ = try await origins.house.depot.configureOrigin(
        of: origins.coordinates(format),
        in: OriginHouse.path("own"),
        to: OriginRestrictions(publish: .block, upstream: .block)
      )
      let blocked = await origins.attempt("1.0.0", as: format)
      #expect(blocked.status == .forbidden)
      #expect(try await origins.house.text(blocked).contains("is BLOCK"))
      #expect(try await !origins.shows("9.0.0", of: format))
    }
  }

  @Test(arguments: PackageFormat.allCases)
  func `nobody outside hears of a name that a group keeps in`(
    format: PackageFormat
  ) async throws {
    try await OriginHouse.run { origins in
      try await create(group(format), in: origins)
      try await change(group(format), [.externalUpstream: .block], in: origins)
      let paths = [OriginHouse.list(of: format)] + OriginHouse.files(of: format)
      for path in paths { _ = try await origins.get(path, of: format) }
      try await origins.publish("1.0.0", as: format)
      for path in paths { _ = try await origins.get(path, of: format) }
      #expect(try await origins.shows("1.0.0", of: format))
      #expect(origins.house.external.documents == [])
      #expect(origins.house.external.downloads == [])
    }
  }

  @Test func `lists of all gems do not tell of what a group keeps out`() async throws {
    try await OriginHouse.run { origins in
      let before = try await origins.get("versions", of: .ruby)
      #expect(before.text.contains("thing 9.0.0"))
      try await create("/ruby//thing~", in: origins)
      try await change("/ruby//thing~", [.externalUpstream: .block], in: origins)
      let after = try await origins.get("versions", of: .ruby)
      #expect(!after.text.contains("thing") && after.text.contains("other 1"))
      #expect(after.tag != before.tag)
      #expect(try await origins.get("names", of: .ruby).text == "---\nother\n")
      try await origins.publish("1.0.0", as: .ruby)
      #expect(try await origins.get("versions", of: .ruby).text.contains("thing 1.0.0"))
      #expect(try await origins.get("names", of: .ruby).text == "---\nother\nthing\n")
    }
  }

  @Test func `a name that can be taken for another is blocked outright`() async throws {
    try await OriginHouse.run { origins in
      let house = origins.house
      try await create("/npm//thing-one~", in: origins)
      try await change("/npm//thing-one~", [.externalUpstream: .block], in: origins)
      let refused = await house.publish(NpmUpload("th1ng.one", "1.0.0"), repository: "own")
      #expect(refused.status == .created, "a different word")
      let lookalike = await house.publish(NpmUpload("thing.one", "1.0.0"), repository: "own")
      #expect(lookalike.status == .forbidden)
      #expect(try await house.text(lookalike).contains("can be taken for"))
      #expect(try await origins.get("thing_one", of: .npm).status == .notFound)
      #expect(!house.external.documents.contains { $0.contains("thing") && $0.contains("one") })
      try await create("/npm//thing.one$", in: origins)
      try await house.accept(NpmUpload("thing.one", "1.0.0"), repository: "own")
    }
  }

  @Test(arguments: [PackageFormat.npm, .pypi, .cargo])
  func `what came from outside keeps to where it came from`(format: PackageFormat) async throws {
    try await OriginHouse.run { origins in
      try await origins.publish("2.0.0", as: format, in: "above")
      // Found in an upstream: retained here, and no more published here.
      let list = OriginHouse.list(of: format)
      #expect(try await origins.get(list, of: format).text.contains("2.0.0"))
      let file =
        switch format {
        case .npm: "thing/-/thing-2.0.0.tgz"
        case .pypi: "simple/thing/2.0.0/thing-2.0.0.zip"
        default: "api/v1/crates/thing/2.0.0/download"
        }
      #expect(try await origins.get(file, of: format).status == .ok)
      #expect(
        try await restrictions(format, in: "own", origins)
          == OriginRestrictions(publish: .block, upstream: .allow)
      )
      #expect(await origins.attempt("3.0.0", as: format).status == .forbidden)
    }
  }
}
