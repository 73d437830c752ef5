import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

@Suite("npm publishing")
struct NpmPublishTests {
  @Test(arguments: [1, 64, 100_000])
  func `what is published is served, by every form of its address`(pieces: Int) async throws {
    try await TestHouse.run { house in
      let upload = NpmUpload("@acme/widget", "1.0.0").with { $0.attachmentsFirst = pieces == 64 }
      #expect(await house.publish(upload, pieces: pieces).status == .created)
      for name in ["@acme/widget", "@acme%2fwidget", "@acme%2Fwidget", "%40acme%2fwidget"] {
        let document = try await house.packument(name)
        #expect(document["name"]?.string == "@acme/widget", "\(name)")
        #expect(
          document.at("versions", "1.0.0", "dist", "tarball")?.string
            == "http://h:1/npm/d/my-domain-123456789012/tools/@acme/widget/-/widget-1.0.0.tgz"
        )
      }
      for path in [
        "@acme/widget/-/widget-1.0.0.tgz", "@acme%2fwidget/-/widget-1.0.0.tgz",
        "@acme/widget/-/@acme/widget-1.0.0.tgz", "@acme%2Fwidget/-/@acme%2Fwidget-1.0.0.tgz",
      ] {
        let reply = await house.npm(.get, path)
        #expect(reply.status == .ok, "\(path)")
        #expect(try await house.bytes(reply) == upload.archive, "\(path)")
      }
      let range = await house.npm(.get, "@acme/widget/-/widget-1.0.0.tgz", [.range: "bytes=0-1"])
      #expect(range.status == .partialContent)
      #expect(await house.npm(.head, "@acme/widget/-/widget-1.0.0.tgz").status == .ok)
    }
  }

  @Test func `the manifest is the publisher's, and dist is computed`() async throws {
    try await TestHouse.run { house in
      let extra =
        #","description":"A widget","license":"MIT","dependencies":{"a":"^1"},"x-own":[1.50]"#
      var upload = NpmUpload("widget", "1.0.0", extra: extra + #","scripts":{"install":"x"}"#)
      upload.dist = #"{"tarball":"http://elsewhere/x.tgz","signatures":[{"sig":"forged"}]}"#
      upload.readme = "# The widget"
      try await house.accept(upload)
      let document = try await house.packument("widget")
      let version = try #require(document.at("versions", "1.0.0"))
      #expect(version["x-own"] == .array([.number("1.50")]))
      #expect(version["hasInstallScript"] == .bool(true))
      #expect(version.at("_npmUser", "name")?.string == "administrator")
      #expect(version.at("dist", "integrity")?.string?.hasPrefix("sha512-") == true)
      #expect(version.at("dist", "shasum")?.string?.count == 40)
      #expect(version.at("dist", "fileCount")?.natural == 2)
      #expect(version.at("dist", "signatures") == nil)
      #expect(document["readme"]?.string == "# The widget")
      #expect(document.at("time", "1.0.0")?.string == "2023-11-14T22:13:20.000Z")
      #expect(document.at("dist-tags", "latest")?.string == "1.0.0")
      #expect(document["maintainers"]?.array?.first?["name"]?.string == "administrator")
      let package = PackageCoordinates(format: .npm, name: "widget")
      let record = try await house.depot.describePackageVersion(
        "1.0.0",
        of: package,
        in: TestHouse.path
      )
      let metadata = try JSONReader.read(Array(record.metadata.utf8))
      #expect(metadata["summary"]?.string == "A widget")
      #expect(metadata["readme"]?.string == "# The widget")
      let assets = try await house.depot.listPackageVersionAssets(
        of: "1.0.0",
        package,
        in: TestHouse.path
      )
      #expect(assets.assets.items.map(\.name) == ["package.tgz"])
    }
  }

  @Test func `a version is published once`() async throws {
    try await TestHouse.run { house in
      let upload = NpmUpload("widget", "1.0.0")
      try await house.accept(upload)
      for again in [upload, NpmUpload("widget", "1.0.0", module: "exports.v = 2\n")] {
        let reply = await house.publish(again)
        #expect(reply.status == .conflict)
        #expect(try await house.json(reply)["error"]?.string?.contains("1.0.0") == true)
        #expect(reply.headers[.contentType] == "application/json")
      }
      let reply = await house.npm(.get, "widget/-/widget-1.0.0.tgz")
      #expect(try await house.bytes(reply) == upload.archive)
    }
  }

  @Test func `many at once lose none`() async throws {
    try await TestHouse.run { house in
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<12 {
          group.addTask {
            let upload = NpmUpload("widget", "1.0.\(number)").with { $0.tag = "t\(number)" }
            #expect(await house.publish(upload).status == .created)
          }
        }
      }
      let document = try await house.packument("widget")
      #expect(document["versions"]?.members?.count == 12)
      #expect(document["versions"]?.members?.last?.name == "1.0.11")
      // Nobody said latest, and it is there all the same.
      #expect(document["dist-tags"]?.members?.count == 13)
      #expect(document.at("dist-tags", "latest")?.string == "1.0.11")
    }
  }

  @Test func `what contradicts itself is refused with the reason`() async throws {
    try await TestHouse.run { house in
      let good = NpmUpload("widget", "1.0.0")
      let other = NpmUpload("gadget", "1.0.0")
      let later = NpmUpload("widget", "1.0.1")
      let cases: [(upload: NpmUpload, reason: String)] = [
        (good.with { $0.archive = other.archive }, "gadget"),
        (good.with { $0.archive = later.archive }, "1.0.1"),
        (good.with { $0.archive = Array("no archive at all".utf8) }, "gzip"),
        (good.with { $0.archive.removeLast(9) }, "cut"),
        (good.with { $0.length = 5 }, "declared to have 5"),
        (good.with { $0.dist = #"{"shasum":"\#(String(repeating: "0", count: 40))"}"# }, "sha1"),
        (
          good.with {
            $0.dist = #"{"integrity":"sha512-\#(String(repeating: "A", count: 86))=="}"#
          }, "sha512"
        ),
        (good.with { $0.manifest = later.manifest }, "1.0.1"),
        (good.with { $0.tag = "^1" }, "range"),
        (good.with { $0.sigstore = "{}" }, "Sigstore"),
      ]
      for (upload, reason) in cases {
        let reply = await house.publish(upload, at: "widget")
        let text = try await house.text(reply)
        #expect(reply.status == .badRequest, "\(reason)")
        #expect(text.contains(reason), "\(text)")
        #expect(try await house.json(reply)["error"]?.string?.isEmpty == false)
      }
      #expect(await house.publish(other, at: "widget").status == .badRequest)
      #expect(await house.npm(.get, "widget").status == .notFound)
      #expect(await house.publish(good).status == .created)
    }
  }

  @Test func `the digests that npm states are compared and found right`() async throws {
    try await TestHouse.run { house in
      try await house.accept(NpmUpload("widget", "1.0.0"))
      let dist = try #require(try await house.packument("widget").at("versions", "1.0.0", "dist"))
      let other = RepositoryPath(
        owner: TestHouse.owner,
        domain: TestHouse.path.domain,
        repository: "other"
      )
      _ = try await house.depot.createRepository(other, administrator: TestHouse.owner)
      let upload = NpmUpload("widget", "1.0.0").with {
        $0.dist =
          #"{"integrity":"\#(dist["integrity"]?.string ?? "")","shasum":"\#(dist["shasum"]?.string ?? "")"}"#
      }
      try await house.accept(upload, repository: "other")
    }
  }

  @Test(arguments: [
    "Widget", "widget!", "__proto__", ".hidden", "-", "a%252fb", "..%2fwidget", "@acme%2f..",
    "@acme", "w%C3%AFdget", "node_modules",
  ])
  func `names that nothing new may have are refused`(path: String) async throws {
    try await TestHouse.run { house in
      let reply = await house.publish(NpmUpload("widget", "1.0.0"), at: path)
      #expect(reply.status == .badRequest || reply.status == .notFound, "\(reply.status)")
      let listing = try await house.depot.listPackages(in: TestHouse.path)
      #expect(listing.items.isEmpty)
    }
  }

  @Test func `a name that differs in capitals only is found among however many`() async throws {
    try await TestHouse.run { house in
      let path = TestHouse.path.repository
      let described = try await house.depot.describeRepository(TestHouse.path)
      // More than any listing reads at once begin like the one that is looked for.
      let names = (0..<1100).map { "WID\($0)" } + ["WIDget", "WIDgets", "widget-a"]
      for (namespace, name) in names.map({ (nil, $0) }) + [("Acme", "widget")] {
        let arrival = VersionArrival(
          package: PackageCoordinates(format: .npm, namespace: namespace, name: name),
          displayName: name,
          restrictionsWhenNew: OriginRestrictions(publish: .allow, upstream: .block),
          version: "1.0.0",
          origin: .published(repository: path),
          publishedAt: house.clock.now(),
          metadata: "{}",
          assets: []
        )
        _ = try await house.depot.catalog.withTransaction { transaction in
          try transaction.record(arrival, into: [described.repository.id], at: house.clock.now())
        }
      }
      let refused = await house.publish(NpmUpload("widget", "1.0.0"))
      #expect(refused.status == .conflict)
      #expect(try await house.text(refused).contains("WIDget,"))
      #expect(await house.publish(NpmUpload("@acme/widget", "1.0.0")).status == .conflict)
      for name in ["widgetry", "wid", "@acme/gadget", "@acm/widget", "@acme/widge", "@widget/a"] {
        try await house.accept(NpmUpload(name, "1.0.0"))
        try await house.accept(NpmUpload(name, "1.0.1"))
      }
      // A name that is there goes on, whatever it looks like.
      try await house.accept(NpmUpload("widget-a", "2.0.0"))
    }
  }

  @Test func `names and versions at the limits are served like others`() async throws {
    try await TestHouse.run { house in
      let long = String(repeating: "n", count: 214)
      for (name, version) in [
        (long, "1.0.0"), ("constructor", "1.0.0"), ("a.b-c_d", "9007199254740991.0.0-rc.1"),
      ] {
        try await house.accept(NpmUpload(name, version))
        #expect(await house.npm(.get, "\(name)/-/\(name)-\(version).tgz").status == .ok)
        #expect(await house.npm(.get, "\(name)/\(version)").status == .ok)
      }
      // Build metadata is stripped, as npm itself does.
      var upload = NpmUpload("built", "1.0.0+b.5")
      upload.manifest = #"{"name":"built","version":"1.0.0"}"#
      try await house.accept(upload)
      #expect(await house.npm(.get, "built/-/built-1.0.0.tgz").status == .ok)
    }
  }

  @Test func `provenance is kept and given out`() async throws {
    try await TestHouse.run { house in
      let upload = NpmUpload("@acme/widget", "1.0.0").with {
        $0.sigstore = #"{"dsseEnvelope":{"payload":"eyJwcmVkaWNhdGVUeXBlIjoicCJ9"}}"#
      }
      try await house.accept(upload)
      let document = try await house.packument("@acme%2fwidget")
      let attestations = try #require(document.at("versions", "1.0.0", "dist", "attestations"))
      #expect(attestations.at("provenance", "predicateType")?.string == "p")
      let address = try #require(attestations["url"]?.string)
      let path = String(address.dropFirst("http://h:1".count))
      let direct = await house.send(.get, path)
      #expect(direct.status == .ok)
      #expect(direct.headers[.contentType] == "application/json")
      // As npm builds the address: the registry's own, and the path of the one in the document.
      let doubled = await house.npm(.get, String(path.dropFirst()))
      let list = try await house.json(doubled)["attestations"]?.array
      #expect(list?.first?["predicateType"]?.string == "p")
    }
  }
}
