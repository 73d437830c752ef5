import ArchiveSamples
import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

/// Private names are published and used in every format, in a house where every public registry
/// there is can be reached, and would answer.
@Suite("Private names")
struct PrivateNameTests {
  /// Where a name is published, and where it is used.
  enum Topology: CaseIterable {
    /// In a repository behind which the registries are.
    case inFront
    /// In one repository, used through another that reaches the registries beside it.
    case beside

    var home: String { self == .inFront ? "own" : "lab" }
    var door: String { self == .inFront ? "own" : "app" }
  }

  /// `public` reaches every registry, `own` has it as upstream; `lab` reaches nothing, and `app`
  /// has both as upstreams, `public` first.
  private func withRegistries(_ body: (TestHouse) async throws -> Void) async throws {
    try await TestHouse.run { house in
      func create(_ name: String, _ upstreams: [String] = []) async throws -> RepositoryPath {
        let path = Self.path(name)
        _ = try await house.depot.createRepository(
          path,
          administrator: TestHouse.owner,
          upstreams: upstreams
        )
        return path
      }
      var stores: [String] = []
      for connection in ExternalConnection.allCases {
        let name = connection.rawValue.replacing("public:", with: "store-")
        _ = try await house.depot.associateExternalConnection(
          connection.rawValue,
          with: try await create(name)
        )
        stores.append(name)
      }
      _ = try await create("public", stores)
      _ = try await create("own", ["public"])
      _ = try await create("lab")
      _ = try await create("app", ["public", "lab"])
      try await body(house)
      let leaks = (house.external.documents + house.external.downloads)
        .filter { $0.lowercased().contains("hush") }
      #expect(leaks.isEmpty)
    }
  }

  private static func path(_ repository: String) -> RepositoryPath {
    RepositoryPath(
      owner: TestHouse.owner,
      domain: TestHouse.path.domain,
      repository: repository
    )
  }

  private func root(_ format: String, _ repository: String) -> String {
    "/\(format)/d/my-domain-123456789012/\(repository)/"
  }

  private func use(
    _ house: TestHouse,
    _ format: String,
    _ topology: Topology,
    _ paths: [String: HTTPResponse.Status]
  ) async throws {
    for (path, status) in paths {
      let reply = await house.send(.get, root(format, topology.door) + path)
      _ = try await house.bytes(reply)
      #expect(reply.status == status, "\(path)")
    }
  }

  @Test(arguments: Topology.allCases) func `npm`(topology: Topology) async throws {
    try await withRegistries { house in
      for version in ["1.0.0", "1.1.0"] {
        try await house.accept(NpmUpload("@hush/hush", version), repository: topology.home)
      }
      let tag = await house.npm(
        .put,
        "-/package/@hush%2fhush/dist-tags/next",
        body: #""1.0.0""#,
        repository: topology.home
      )
      #expect(tag.status == .ok)
      try await use(
        house,
        "npm",
        topology,
        [
          "@hush%2fhush": .ok, "@hush/hush/-/hush-1.0.0.tgz": .ok, "@hush%2fhush/1.1.0": .ok,
          "@hush%2fhush/9.9.9": .notFound, "@hush/hush/-/hush-9.9.9.tgz": .notFound,
          "-/package/@hush%2fhush/dist-tags": .ok, "-/v1/search?text=hush": .ok,
        ]
      )
      let audit = await house.npm(
        .post,
        "-/npm/v1/security/advisories/bulk",
        body: #"{"@hush/hush":["1.0.0"]}"#,
        repository: topology.door
      )
      #expect(audit.status == .ok)
    }
  }

  @Test(arguments: Topology.allCases) func `Maven`(topology: Topology) async throws {
    try await withRegistries { house in
      let files = [
        "hush-1.0.jar": "jar", "hush-1.0.pom": "<project/>",
      ]
      for (name, text) in files {
        let put = await house.send(
          .put,
          root("maven", topology.home) + "org/hush/hush/1.0/\(name)",
          body: RequestBody(Array(text.utf8))
        )
        #expect(put.status == .created)
      }
      let document =
        "<metadata><groupId>org.hush</groupId><artifactId>hush</artifactId><versioning>"
        + "<versions><version>1.0</version></versions></versioning></metadata>"
      let put = await house.send(
        .put,
        root("maven", topology.home) + "org/hush/hush/maven-metadata.xml",
        body: RequestBody(Array(document.utf8))
      )
      #expect(put.status == .created)
      try await use(
        house,
        "maven",
        topology,
        [
          "org/hush/hush/maven-metadata.xml": .ok, "org/hush/hush/1.0/hush-1.0.jar": .ok,
          "org/hush/hush/1.0/hush-1.0.jar.sha1": .ok,
          "org/hush/hush/1.0/hush-1.0-sources.jar": .notFound,
          "org/hush/hush/2.0/hush-2.0.pom": .notFound,
          "org/hush/hush/2.0-SNAPSHOT/maven-metadata.xml": .notFound,
          // The document of the group, by which plugins are found.
          "org/hush/maven-metadata.xml": .notFound, "org/hush/maven-metadata.xml.sha1": .notFound,
        ]
      )
    }
  }

  @Test(arguments: Topology.allCases) func `Maven plugins`(topology: Topology) async throws {
    try await withRegistries { house in
      let put = await house.send(
        .put,
        root("maven", topology.home) + "org/hush/hush/1.0/hush-1.0.jar",
        body: RequestBody(Array("jar".utf8))
      )
      #expect(put.status == .created)
      let document =
        "<metadata><plugins><plugin><name>Hush</name><prefix>hush</prefix>"
        + "<artifactId>hush</artifactId></plugin></plugins></metadata>"
      let prefix = await house.send(
        .put,
        root("maven", topology.home) + "org/hush/maven-metadata.xml",
        body: RequestBody(Array(document.utf8))
      )
      #expect(prefix.status == .created)
      house.external.goDown()
      try await use(house, "maven", topology, ["org/hush/maven-metadata.xml": .ok])
    }
  }

  /// What a repository retained of a private package is as private as the package was.
  @Test(arguments: [true, false])
  func `a name of which only what was retained is left`(isDetached: Bool) async throws {
    try await withRegistries { house in
      try await house.accept(NpmUpload("hush", "1.0.0"), repository: "lab")
      let file = await house.npm(.get, "hush/-/hush-1.0.0.tgz", repository: "app")
      #expect(file.status == .ok)
      if isDetached {
        let app = Self.path("app")
        _ = try await house.depot.updateRepository(app, upstreams: ["public"])
      } else {
        let package = PackageCoordinates(format: .npm, name: "hush")
        _ = try await house.depot.deletePackage(package, in: Self.path("lab"))
      }
      try await use(
        house,
        "npm",
        .beside,
        [
          "hush": .ok, "hush/-/hush-1.0.0.tgz": .ok, "hush/1.0.0": .ok, "hush/9.9.9": .notFound,
          "hush/-/hush-9.9.9.tgz": .notFound,
        ]
      )
    }
  }

  /// Who opens a name by hand has it looked up, and so has whoever retained it from there.
  @Test func `a name that is opened by hand is looked up downstream too`() async throws {
    try await withRegistries { house in
      let package = PackageCoordinates(format: .npm, name: "loud")
      try await house.accept(NpmUpload("loud", "1.0.0"), repository: "lab")
      for publish in [OriginControl.allow, .block] {
        _ = try await house.depot.configureOrigin(
          of: package,
          in: Self.path("lab"),
          to: OriginRestrictions(publish: publish, upstream: .allow)
        )
        let before = house.external.requests.count
        try await use(
          house,
          "npm",
          .beside,
          ["loud/-/loud-1.0.0.tgz": .ok, "loud/-/loud-9.\(before).0.tgz": .notFound]
        )
        #expect(house.external.requests.count > before)
        house.clock.advance(by: .seconds(10_000))
      }
      // What was retained decides alone once there is nothing else.
      _ = try await house.depot.updateRepository(Self.path("app"), upstreams: ["public"])
      let before = house.external.requests.count
      try await use(house, "npm", .beside, ["loud/-/loud-8.0.0.tgz": .notFound])
      #expect(house.external.requests.count == before)
      _ = try await house.depot.configureOrigin(
        of: package,
        in: Self.path("app"),
        to: OriginRestrictions(publish: .allow, upstream: .allow)
      )
      try await use(house, "npm", .beside, ["loud/-/loud-7.0.0.tgz": .notFound])
      #expect(house.external.requests.count > before)
    }
  }

  @Test(arguments: Topology.allCases) func `NuGet`(topology: Topology) async throws {
    try await withRegistries { house in
      let nuspec =
        "<package><metadata><id>Hush</id><version>1.0.0</version><authors>a</authors>"
        + "<description>d</description></metadata></package>"
      let package = TestZip([("Hush.nuspec", nuspec)]).bytes
      let form =
        Array("--b\r\nContent-Disposition: form-data; name=package; filename=p\r\n\r\n".utf8)
        + package + Array("\r\n--b--\r\n".utf8)
      let pushed = await house.send(
        .put,
        root("nuget", topology.home) + "v3/package/",
        [.contentType: "multipart/form-data; boundary=b"],
        body: RequestBody(form)
      )
      let text = try await house.text(pushed)
      #expect(pushed.status == .created, "\(text)")
      try await use(
        house,
        "nuget",
        topology,
        [
          "v3/flatcontainer/hush/index.json": .ok,
          "v3/flatcontainer/hush/1.0.0/hush.1.0.0.nupkg": .ok,
          "v3/flatcontainer/hush/1.0.0/hush.nuspec": .ok,
          "v3/flatcontainer/hush/2.0.0/hush.2.0.0.nupkg": .notFound,
          "v3/registration4/hush/index.json": .ok, "v3/registration4/hush/2.0.0.json": .notFound,
          "v3/query?q=hush": .ok, "v3/autocomplete?q=hush": .ok,
        ]
      )
    }
  }

  @Test(arguments: Topology.allCases) func `Cargo`(topology: Topology) async throws {
    try await withRegistries { house in
      let crate = TestCrate(name: "hush_leaf", version: "1.0.0")
      let published = await house.send(
        .put,
        root("cargo", topology.home) + "api/v1/crates/new",
        body: RequestBody(crate.body)
      )
      #expect(published.status == .ok)
      try await use(
        house,
        "cargo",
        topology,
        [
          "config.json": .ok, "hu/sh/hush_leaf": .ok, "hu/sh/hush-leaf": .notFound,
          "api/v1/crates/hush_leaf/1.0.0/download": .ok,
          "api/v1/crates/hush_leaf/2.0.0/download": .notFound,
          "api/v1/crates/hush_leaf/versions": .ok, "api/v1/crates?q=hush": .ok,
        ]
      )
    }
  }

  @Test(arguments: Topology.allCases) func `RubyGems`(topology: Topology) async throws {
    try await withRegistries { house in
      let pushed = await house.send(
        .post,
        root("ruby", topology.home) + "api/v1/gems",
        body: RequestBody(TestGem.bytes("hush", "1.0"))
      )
      #expect(pushed.status == .ok)
      try await use(
        house,
        "ruby",
        topology,
        [
          "info/hush": .ok, "versions": .ok, "names": .ok, "gems/hush-1.0.gem": .ok,
          "gems/hush-2.0.gem": .notFound, "quick/Marshal.4.8/hush-1.0.gemspec.rz": .ok,
          "api/v1/dependencies?gems=hush": .ok, "specs.4.8.gz": .ok,
        ]
      )
    }
  }

  @Test(arguments: Topology.allCases) func `Python`(topology: Topology) async throws {
    try await withRegistries { house in
      var form = try TestForm.sdist().setting("name", "hush")
      form.file?.name = "hush-1.0.zip"
      form.file?.bytes = TestZip([("hush-1.0/PKG-INFO", Self.information)]).bytes
      let uploaded = await house.upload(form, to: root("pypi", topology.home))
      let text = try await house.text(uploaded)
      #expect(uploaded.status == .ok, "\(text)")
      try await use(
        house,
        "pypi",
        topology,
        [
          "simple/hush/": .ok, "simple/hush/1.0/hush-1.0.zip": .ok, "simple/": .ok,
          "simple/hush/2.0/hush-2.0.zip": .notFound,
          "simple/hush/1.0/hush-1.0-py3-none-any.whl.metadata": .notFound,
        ]
      )
    }
  }

  private static let information = "Metadata-Version: 2.1\nName: hush\nVersion: 1.0\n"

  @Test(arguments: Topology.allCases) func `Swift and generic`(topology: Topology) async throws {
    try await withRegistries { house in
      let form = SwiftForm()
      let published = await house.send(
        .put,
        root("swift", topology.home) + "hush/demo/1.0.0",
        [.contentType: form.contentType],
        body: RequestBody(form.body)
      )
      #expect(published.status == .created)
      try await use(
        house,
        "swift",
        topology,
        [
          "hush/demo": .ok, "hush/demo/1.0.0": .ok, "hush/demo/1.0.0.zip": .ok,
          "hush/demo/2.0.0": .notFound,
        ]
      )
      let put = await house.send(
        .put,
        root("generic", topology.home) + "hush/hush/1/file",
        body: RequestBody([1, 2, 3])
      )
      #expect(put.status == .created)
      // Generic packages are not resolved through upstreams at all.
      let found: HTTPResponse.Status = topology == .inFront ? .ok : .notFound
      try await use(
        house,
        "generic",
        topology,
        ["hush/hush/1/file": found, "hush/hush/2/file": .notFound]
      )
    }
  }
}
