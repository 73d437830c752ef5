import Catalog
import Exchange
import FormatRules
import Formats
import HTTPTypes
import Repository
import Testing

/// A house with three repositories.
///
/// `central` is connected to a scripted public registry, `shared` holds what is published to it,
/// and `team` has both as upstreams, `shared` first.
struct MavenHouse {
  static let base = "https://central.test/maven2/"

  private let house: DepotHouse
  var depot: Depot { house.depot }
  var registry: ScriptedSource { house.external }
  var clock: ManualClock { house.clock }

  static func path(_ repository: String) -> RepositoryPath { DepotHouse.path(repository) }

  /// Runs `body` in a house of its own.
  static func run(_ body: (MavenHouse) async throws -> Void) async throws {
    let connection = "public:maven-central"
    let house = try await DepotHouse(
      [
        .init(name: "central", connection: connection), .init(name: "shared"),
        .init(name: "team", upstreams: ["shared", "central"]),
      ],
      before: ScriptedSource(base: base, connection: connection, contentType: "application/xml")
    )
    try await DepotHouse.run(house, as: { MavenHouse(house: $0) }, body)
  }

  func send(
    _ method: HTTPRequest.Method,
    _ path: String,
    in repository: String = "team",
    format: String = "maven",
    _ headers: HTTPFields = [:],
    body: RequestBody = .empty,
    to other: Formats? = nil
  ) async -> Reply {
    let path = "/\(format)/d/my-domain-\(DepotHouse.owner)/\(repository)/\(path)"
    return await house.send(method, path, headers, body: body, to: other)
  }

  func settle() async { await house.depot.settle() }

  /// The endpoints as they are after a restart.
  func restarted() async throws -> Formats { try await house.restarted() }

  func put(
    _ path: String,
    _ text: String,
    in repository: String = "team",
    format: String = "maven",
    _ headers: HTTPFields = [:]
  ) async -> HTTPResponse.Status {
    let body = RequestBody(pieces: Array(text.utf8), of: 7)
    return await send(.put, path, in: repository, format: format, headers, body: body).status
  }

  /// The body of a successful GET; nil for any other answer.
  func get(
    _ path: String,
    in repository: String = "team",
    format: String = "maven"
  ) async throws -> String? {
    let reply = await send(.get, path, in: repository, format: format)
    guard reply.status == .ok else { return nil }
    return String(decoding: try await bytes(reply), as: UTF8.self)
  }

  func bytes(_ reply: Reply) async throws -> [UInt8] { try await house.bytes(reply) }

  func metadata(_ folder: String, in repository: String = "team") async throws -> MavenMetadata? {
    try await get("\(folder)/maven-metadata.xml", in: repository)
      .map { try MavenMetadata(reading: Array($0.utf8)) }
  }

  /// Deploys a release as Maven does, with a jar whose bytes are `jar`.
  func deploy(
    _ version: String,
    jar: String = "jar",
    in repository: String = "team"
  ) async throws {
    let folder = "org/acme/widget/\(version)/widget-\(version)"
    for (name, text) in [("\(folder).jar", "\(jar) \(version)"), ("\(folder).pom", "<project/>")] {
      try #require(await put(name, text, in: repository) == .created)
      let sum = ChecksumAlgorithm.sha1.hexadecimal(of: Array(text.utf8))
      try #require(await put(name + ".sha1", sum, in: repository) == .created)
    }
    let path = "org/acme/widget/maven-metadata.xml"
    try #require(await put(path, Self.document([version]), in: repository) == .created)
  }

  static func document(_ versions: [String]) -> String {
    let list = versions.map { "<version>\($0)</version>" }.joined()
    return "<metadata><groupId>org.acme</groupId><artifactId>widget</artifactId><versioning>"
      + "<versions>\(list)</versions></versioning></metadata>"
  }

  /// Deploys one build of `1.0-SNAPSHOT` as Maven does.
  func deployBuild(
    _ timestamp: String,
    _ number: Int,
    files: [String] = [".jar", ".pom"],
    in repository: String = "team"
  ) async throws {
    let folder = "org/acme/widget/1.0-SNAPSHOT"
    for file in files {
      let name = "\(folder)/widget-1.0-\(timestamp)-\(number)\(file)"
      let text = file == ".pom" ? "<project/>" : "\(file) \(timestamp)-\(number)"
      try #require(await put(name, text, in: repository) == .created)
    }
    let document = """
      <metadata modelVersion="1.1.0"><groupId>org.acme</groupId><artifactId>widget</artifactId>
      <versioning><lastUpdated>20210728194552</lastUpdated><snapshot>
      <timestamp>\(timestamp)</timestamp><buildNumber>\(number)</buildNumber></snapshot></versioning>
      <version>1.0-SNAPSHOT</version></metadata>
      """
    let path = "\(folder)/maven-metadata.xml"
    try #require(await put(path, document, in: repository) == .created)
    let package = Self.document(["1.0-SNAPSHOT"])
    let packagePath = "org/acme/widget/maven-metadata.xml"
    try #require(await put(packagePath, package, in: repository) == .created)
  }

  /// The versions that the control API lists, each with its status.
  func rows(in repository: String = "team") async throws -> [String: String] {
    let package = PackageCoordinates(format: .maven, namespace: "org.acme", name: "widget")
    let listing = try await depot.listPackageVersions(of: package, in: Self.path(repository))
    return Dictionary(
      uniqueKeysWithValues: listing.versions.items.map { ($0.version, $0.status.rawValue) }
    )
  }
}

extension ScriptedSource {
  /// Offers a file of a Maven repository, and what the registry's `Last-Modified` says of it and
  /// its checksum.
  func setFile(
    _ path: String,
    _ text: String,
    hasChecksum: Bool = true,
    lastModified: String? = nil
  ) {
    let (address, bytes) = (MavenHouse.base + path, Array(text.utf8))
    set(address, bytes, lastModified: lastModified)
    guard hasChecksum else { return }
    let sum = ChecksumAlgorithm.sha1.hexadecimal(of: bytes)
    set("\(address).sha1", Array("\(sum)\n".utf8), lastModified: lastModified)
  }
}
