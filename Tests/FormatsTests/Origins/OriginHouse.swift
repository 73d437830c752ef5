import ArchiveSamples
import Catalog
import Exchange
import Formats
import HTTPTypes
import Repository
import Testing

/// The package `thing` in all eight formats: version 9.0.0 of it lies upstream, in a public
/// registry where the format has one and else in an upstream repository; `own` is where it is
/// published.
struct OriginHouse {
  static let base = ScriptedSource.base
  static let zeroes = String(repeating: "0", count: 64)

  let house: TestHouse

  static func run(_ body: (OriginHouse) async throws -> Void) async throws {
    try await TestHouse.run { house in
      let origins = OriginHouse(house: house)
      var upstreams = ["above"]
      try await origins.create("above")
      for connection in [
        ExternalConnection.pypi, .npmjs, .mavenCentral, .nugetOrg, .cratesIO, .rubyGemsOrg,
      ] {
        let name = connection.rawValue.replacing("public:", with: "store-")
        try await origins.create(name)
        _ = try await house.depot.associateExternalConnection(
          connection.rawValue,
          with: path(name)
        )
        upstreams.append(name)
      }
      try await origins.create("own", upstreams)
      for (name, text) in documents { house.external.setDocument(base + name, text) }
      for format in [PackageFormat.swift, .generic] {
        try await origins.publish("9.0.0", as: format, in: "above")
      }
      try await body(origins)
    }
  }

  static func path(_ repository: String) -> RepositoryPath {
    RepositoryPath(
      owner: TestHouse.owner,
      domain: TestHouse.path.domain,
      repository: repository
    )
  }

  private func create(_ name: String, _ upstreams: [String] = []) async throws {
    _ = try await house.depot.createRepository(
      Self.path(name),
      administrator: TestHouse.owner,
      upstreams: upstreams
    )
  }

  private static let documents = [
    "thing/": #"{"meta":{"api-version":"1.1"},"name":"thing","files":[{"filename":"#
      + #""thing-9.0.0.zip","url":"https://files.test/t","hashes":{}}]}"#,
    "thing": #"{"name":"thing","dist-tags":{"latest":"9.0.0"},"versions":{"9.0.0":{"name":"thing","#
      + #""version":"9.0.0","dist":{"tarball":"https://files.test/thing.tgz"}}}}"#,
    "org/out/thing/maven-metadata.xml":
      "<metadata><groupId>org.out</groupId><artifactId>thing</artifactId><versioning><versions>"
      + "<version>9.0.0</version></versions></versioning></metadata>",
    "v3/index.json":
      #"{"resources":[{"@id":"\#(base)reg/","@type":"RegistrationsBaseUrl/3.6.0"}]}"#,
    "reg/thing/index.json":
      #"{"items":[{"items":[{"packageContent":"https://files.test/t","catalogEntry":"#
      + #"{"id":"Thing","version":"9.0.0","listed":true}}]}]}"#,
    "config.json": #"{"dl":"https://files.test/dl"}"#,
    "th/in/thing": #"{"name":"thing","vers":"9.0.0","deps":[],"features":{},"yanked":false,"#
      + #""cksum":"\#(zeroes)"}"#,
    "info/thing": "---\n9.0.0 |checksum:\(zeroes)\n",
    "versions": "created_at: 2024-01-01T00:00:00Z\n---\nother 1 00\nthing 9.0.0 00\n",
    "names": "---\nother\nthing\n",
  ]
}

extension OriginHouse {
  /// Asks for something of `own`.
  func get(
    _ path: String,
    of format: PackageFormat,
    in repository: String = "own"
  ) async throws -> (status: HTTPResponse.Status, text: String, tag: String?) {
    let reply = await house.send(.get, root(format, repository) + path)
    return (reply.status, try await house.text(reply), reply.headers[.eTag])
  }

  /// Whether the list of versions that a client sees has one; generic packages have no list.
  func shows(_ version: String, of format: PackageFormat) async throws -> Bool {
    if format == .generic {
      return try await get("org.out/thing/\(version)/file", of: format).status == .ok
    }
    let reply = try await get(Self.list(of: format), of: format)
    return reply.status == .ok && reply.text.contains(version)
  }

  /// Where clients look for the versions of `thing`.
  static func list(of format: PackageFormat) -> String {
    switch format {
    case .cargo: "th/in/thing"
    case .generic: "org.out/thing/9.0.0/file"
    case .maven: "org/out/thing/maven-metadata.xml"
    case .npm: "thing"
    case .nuget: "v3/flatcontainer/thing/index.json"
    case .pypi: "simple/thing/"
    case .ruby: "info/thing"
    case .swift: "org/thing"
    }
  }

  /// What else of `thing` clients ask for.
  static func files(of format: PackageFormat) -> [String] {
    switch format {
    case .cargo: ["api/v1/crates/thing/9.0.0/download", "api/v1/crates/thing/versions"]
    case .generic: ["org.out/thing/1.0.0/file"]
    case .maven:
      [
        "org/out/thing/9.0.0/thing-9.0.0.pom", "org/out/thing/9.0.0/thing-9.0.0.jar.sha1",
        "org/out/thing/9.0.0-SNAPSHOT/maven-metadata.xml",
      ]
    case .npm: ["thing/9.0.0", "thing/-/thing-9.0.0.tgz", "-/package/thing/dist-tags"]
    case .nuget:
      [
        "v3/flatcontainer/thing/9.0.0/thing.9.0.0.nupkg", "v3/registration4/thing/index.json",
        "v3/query?q=thing", "v3/autocomplete?id=thing", "api/v2/FindPackagesById()?id='thing'",
      ]
    case .pypi: ["simple/thing/9.0.0/thing-9.0.0.zip"]
    case .ruby:
      [
        "gems/thing-9.0.0.gem", "quick/Marshal.4.8/thing-9.0.0.gemspec.rz",
        "api/v1/dependencies?gems=thing", "versions", "names",
      ]
    case .swift: ["org/thing/9.0.0", "org/thing/9.0.0.zip", "org/thing/9.0.0/Package.swift"]
    }
  }

  func coordinates(_ format: PackageFormat) -> PackageCoordinates {
    let namespace: String? =
      switch format {
      case .maven, .generic: "org.out"
      case .swift: "org"
      default: nil
      }
    return PackageCoordinates(format: format, namespace: namespace, name: "thing")
  }

  func root(_ format: PackageFormat, _ repository: String) -> String {
    "/\(format.rawValue)/d/my-domain-\(TestHouse.owner)/\(repository)/"
  }
}

extension OriginHouse {
  /// Publishes what has to be accepted.
  func publish(
    _ version: String,
    as format: PackageFormat,
    in repository: String = "own"
  ) async throws {
    let reply = await attempt(version, as: format, in: repository)
    let text = try await house.text(reply)
    try #require(reply.status.code < 300, "\(format) \(version): \(text)")
  }

  /// Publishes as the format's clients do; the answer is to the last request.
  func attempt(
    _ version: String,
    as format: PackageFormat,
    in repository: String = "own"
  ) async -> Reply {
    let root = root(format, repository)
    switch format {
    case .npm: return await house.publish(NpmUpload("thing", version), repository: repository)
    case .cargo:
      let body = RequestBody(TestCrate(name: "thing", version: version).body)
      return await house.send(.put, root + "api/v1/crates/new", body: body)
    case .ruby:
      let body = RequestBody(TestGem.bytes("thing", version))
      return await house.send(.post, root + "api/v1/gems", body: body)
    case .swift:
      let form = SwiftForm()
      return await house.send(
        .put,
        root + "org/thing/\(version)",
        [.contentType: form.contentType],
        body: RequestBody(form.body)
      )
    case .generic:
      return await house.send(
        .put,
        root + "org.out/thing/\(version)/file",
        body: RequestBody(Array(version.utf8))
      )
    case .nuget: return await push(version, to: root)
    case .pypi: return await upload(version, to: root)
    case .maven: return await deploy(version, to: root)
    }
  }

  private func push(_ version: String, to root: String) async -> Reply {
    let nuspec =
      "<package><metadata><id>Thing</id><version>\(version)</version><authors>a</authors>"
      + "<description>d</description></metadata></package>"
    let form =
      Array("--b\r\nContent-Disposition: form-data; name=package; filename=p\r\n\r\n".utf8)
      + TestZip([("Thing.nuspec", nuspec)]).bytes + Array("\r\n--b--\r\n".utf8)
    return await house.send(
      .put,
      root + "v3/package/",
      [.contentType: "multipart/form-data; boundary=b"],
      body: RequestBody(form)
    )
  }

  private func upload(_ version: String, to root: String) async -> Reply {
    let information = "Metadata-Version: 2.1\nName: thing\nVersion: \(version)\n"
    let form = TestForm(
      fields: [
        (":action", "file_upload"), ("name", "thing"), ("version", version), ("filetype", "sdist"),
        ("pyversion", "source"),
      ],
      file: (
        "thing-\(version).zip", TestZip([("thing-\(version)/PKG-INFO", information)]).bytes
      )
    )
    return await house.upload(form, to: root)
  }

  private func deploy(_ version: String, to root: String) async -> Reply {
    let folder = root + "org/out/thing/"
    for (name, text) in [("jar", "jar of \(version)"), ("pom", "<project/>")] {
      let put = await house.send(
        .put,
        folder + "\(version)/thing-\(version).\(name)",
        body: RequestBody(Array(text.utf8))
      )
      guard put.status == .created else { return put }
    }
    let document =
      "<metadata><groupId>org.out</groupId><artifactId>thing</artifactId><versioning>"
      + "<versions><version>\(version)</version></versions></versioning></metadata>"
    return await house.send(
      .put,
      folder + "maven-metadata.xml",
      body: RequestBody(Array(document.utf8))
    )
  }
}
