import BlobEngine
import Bytes
import Catalog
import Codec
import FormatRules
import Foundation
import Repository

/// A depot over a catalog and a store of its own, with a scripted way out.
///
/// Domain `shop` has `store` (connected to `public:pypi`), `team` (upstream `store`), `app`
/// (upstreams `team` and `lab`) and `lab` (alone).
struct ContentFixture {
  static let owner = "111122223333"

  let depot: Depot
  let catalog: Catalog
  let blobs: BlobStore
  let source: ScriptedSource
  let clock: TestClock
  private let folder: TemporaryFolder

  /// How long a request waits for a slow index: longer than any pause, see ``TestClock``.
  static let patience = Duration.seconds(60)

  init(
    options: ContentOptions = ContentOptions(),
    formats: [any ExternalFormat] = [],
    store: StoreOptions = .small
  ) async throws {
    var options = options
    options.revalidationPatience = Self.patience
    folder = try TemporaryFolder()
    catalog = try Catalog.open(at: folder.path + "/catalog.sqlite")
    blobs = try await BlobStore.open(at: folder.path + "/blobs", options: store)
    source = ScriptedSource()
    clock = TestClock()
    depot = try Depot(
      catalog: catalog,
      blobs: blobs,
      external: source,
      clock: clock,
      masterKey: [UInt8](repeating: 7, count: 32),
      options: DepotOptions(region: "here"),
      contentOptions: options,
      formats: formats
    )
    _ = try await depot.bootstrap(account: Self.owner)
    _ = try await depot.createDomain(owner: Self.owner, name: "shop")
    try await create("store")
    _ = try await depot.associateExternalConnection("public:pypi", with: path("store"))
    try await create("team", upstreams: ["store"])
    try await create("lab")
    try await create("app", upstreams: ["team", "lab"])
  }

  func close() async throws {
    await blobs.close()
    try await catalog.close()
  }

  func path(_ repository: String) -> RepositoryPath {
    RepositoryPath(owner: Self.owner, domain: "shop", repository: repository)
  }

  func create(_ repository: String, upstreams: [String] = []) async throws {
    _ = try await depot.createRepository(
      path(repository),
      administrator: Self.owner,
      upstreams: upstreams
    )
  }

  // MARK: What is asked

  func page(_ project: String, in repository: String) async throws -> ProjectPage? {
    try await depot.projectPage(project, in: path(repository))
  }

  /// The names of the listed files, in their order.
  func names(_ project: String, in repository: String) async throws -> [String]? {
    try await page(project, in: repository)?.page.files.map(\.fileName)
  }

  func find(_ name: String, of project: String, in repository: String) async throws -> FoundFile? {
    try await depot.projectFile(name, of: project, version: nil, in: path(repository))
  }

  /// Downloads a file whole, as a client would.
  func download(
    _ name: String,
    of project: String,
    in repository: String
  ) async throws -> [UInt8]? {
    switch try await find(name, of: project, in: repository) {
    case nil: return nil
    case .stored(let file): return try await blobs.get(file.key)
    case .arriving(let file):
      return try await Self.take(file)
    }
  }

  /// Reads a file on its way, and waits until it is stored.
  static func take(_ file: ArrivingFile) async throws -> [UInt8] {
    let bytes = try await drain(file.chunks())
    _ = try await file.stored()
    return bytes
  }

  static func drain(_ reader: ArrivingReader) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let chunk = try await reader.next() { bytes += chunk }
    return bytes
  }

  /// Reads a stored file as a door does.
  func read(_ file: StoredFile, from start: UInt64 = 0) async throws -> [UInt8]? {
    let range = start..<file.byteCount
    guard let reading = try await depot.chunks(of: file.key, in: file.domain, range: range) else {
      return nil
    }
    var bytes: [UInt8] = []
    while let piece = try await reading.next() { bytes += piece }
    return bytes
  }

  /// What a Zstandard tool makes of a file's stored frames, which are `form` in bytes.
  func readFrames(_ file: StoredFile) async throws -> (bytes: [UInt8], form: [UInt8])? {
    let range = 0..<file.byteCount
    guard let reading = try await depot.chunks(of: file.key, in: file.domain, range: range) else {
      return nil
    }
    var form: [UInt8] = []
    while let piece = try await reading.nextFrames() { form += piece }
    return (try unpack(form), form)
  }

  private func unpack(_ form: [UInt8]) throws -> [UInt8] {
    let packed = URL(filePath: folder.path + "/f.zst")
    let unpacked = URL(filePath: folder.path + "/f")
    try Data(form).write(to: packed)
    let zstd = Process()
    zstd.executableURL = URL(filePath: "/usr/bin/env")
    zstd.arguments = ["zstd", "-q", "-d", "-f", packed.path, "-o", unpacked.path]
    try zstd.run()
    zstd.waitUntilExit()
    return zstd.terminationStatus == 0 ? Array(try Data(contentsOf: unpacked)) : []
  }

  /// Overwrites a place on the disk that has these bytes; returns whether there is such a place.
  func spoil(_ bytes: [UInt8]) throws -> Bool { try rot(bytes, below: folder.path + "/blobs") }

  // MARK: What is there

  /// What rows say of a package: versions and asset names.
  func held(_ project: String, by repository: String) async throws -> [String: [String]] {
    let path = path(repository)
    return try await catalog.withSnapshot { rows in
      guard let domain = try rows.domain(owner: path.owner, name: path.domain),
        let repository = try rows.repository(path.repository, in: domain.id),
        let package = try rows.package(
          PackageCoordinates(format: .pypi, name: project),
          in: repository.id
        )
      else { return [:] }
      var held: [String: [String]] = [:]
      for version in try rows.versions(of: package.id, limit: 100).items {
        held[version.version] = try rows.assets(of: version.id, limit: 100).items.map(\.name)
      }
      return held
    }
  }

  func package(_ project: String, in repository: String) async throws -> PackageRecord {
    try await depot.describePackage(
      PackageCoordinates(format: .pypi, name: project),
      in: path(repository)
    )
  }

  /// Puts a version straight into rows, with bytes of its own.
  func put(
    _ file: String,
    of project: String,
    version: String,
    into repository: String,
    status: VersionStatus = .published,
    origin: VersionOrigin? = nil,
    restrictions: OriginRestrictions = OriginRestrictions(publish: .allow, upstream: .allow)
  ) async throws {
    let bytes = Array("\(repository) \(file)".utf8)
    _ = try await blobs.put(bytes)
    let now = clock.now()
    let arrival = VersionArrival(
      package: PackageCoordinates(format: .pypi, name: project),
      displayName: project,
      restrictionsWhenNew: restrictions,
      version: version,
      status: status,
      origin: origin ?? .published(repository: repository),
      publishedAt: now,
      assets: [
        VersionArrival.Asset(
          name: file,
          byteCount: Int64(bytes.count),
          digests: AssetDigests(of: bytes),
          uploadedAt: now
        )
      ]
    )
    let path = path(repository)
    _ = try await catalog.withTransaction { rows in
      guard let domain = try rows.domain(owner: path.owner, name: path.domain),
        let repository = try rows.repository(path.repository, in: domain.id)
      else { return }
      _ = try rows.record(arrival, into: [repository.id], at: now)
    }
  }

  /// Lists a file in the external index and serves it; returns its bytes.
  @discardableResult
  func offer(
    _ name: String,
    of project: String,
    bytes: [UInt8]? = nil,
    yank: Yank = .none,
    _ adjust: (inout ScriptedSource.File) -> Void = { _ in }
  ) -> [UInt8] {
    offer([(name, bytes, yank)], of: project, adjust)[0]
  }

  /// Lists files in the external index, in place of what it listed, and serves them.
  @discardableResult
  func offer(
    _ files: [(name: String, bytes: [UInt8]?, yank: Yank)],
    of project: String,
    etag: String = "\"1\"",
    _ adjust: (inout ScriptedSource.File) -> Void = { _ in }
  ) -> [[UInt8]] {
    var page = SimplePage(name: project)
    var all: [[UInt8]] = []
    for (name, bytes, yank) in files {
      let bytes = bytes ?? Array("outside \(name)".utf8)
      let address = ScriptedSource.filesBase + name
      page.files.append(
        SimpleFile(
          fileName: name,
          url: address,
          hashes: ["sha256": SHA256Stream.digest(of: bytes.span).hexadecimal],
          requiresPython: ">=3.8",
          byteCount: UInt64(bytes.count),
          uploadTime: UploadTime("2024-05-01T12:00:00.123456Z"),
          yank: yank
        )
      )
      var file = ScriptedSource.File(bytes: bytes)
      adjust(&file)
      source.serve(file, at: address)
      all.append(bytes)
    }
    source.publish(page, etag: etag)
    return all
  }
}

/// A folder that is there as long as someone holds on to it.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("larder-content-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}

extension StoreOptions {
  /// A store of which many fit on a disk: the default takes half a gigabyte to begin with.
  static var small: StoreOptions { StoreOptions(segmentByteCount: 4 << 20) }
}

/// Bytes that do not repeat soon, the same on every run.
func sampleBytes(_ count: Int) -> [UInt8] {
  var state: UInt64 = 0x9E37_79B9_7F4A_7C15
  var bytes: [UInt8] = []
  bytes.reserveCapacity(count)
  while bytes.count < count {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    bytes.append(UInt8(truncatingIfNeeded: state))
  }
  return bytes
}

/// Overwrites a place in the files of a store that has these bytes, as rot would.
///
/// - Returns: whether there is such a place.
func rot(_ bytes: [UInt8], below folder: String) throws -> Bool {
  let files = FileManager.default.enumerator(
    at: URL(fileURLWithPath: folder),
    includingPropertiesForKeys: nil
  )
  while let file = files?.nextObject() as? URL {
    guard let data = try? Data(contentsOf: file), let place = data.range(of: Data(bytes)) else {
      continue
    }
    let handle = try FileHandle(forWritingTo: file)
    try handle.seek(toOffset: UInt64(place.lowerBound))
    try handle.write(contentsOf: Data(bytes.map { ~$0 }))
    try handle.synchronize()
    try handle.close()
    return true
  }
  return false
}

extension AssetDigests {
  /// The digests of some bytes.
  init(of bytes: [UInt8]) {
    self.init(
      md5: MD5Stream.digest(of: bytes.span),
      sha1: SHA1Stream.digest(of: bytes.span),
      sha256: SHA256Stream.digest(of: bytes.span),
      sha512: SHA512Stream.digest(of: bytes.span)
    )
  }
}
