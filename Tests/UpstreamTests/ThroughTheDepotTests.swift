import BlobEngine
import Bytes
import Catalog
import Codec
import FormatRules
import Foundation
import Repository
import Testing

@testable import Upstream

@Suite("From a registry to a client")
struct ThroughTheDepotTests {
  private static let file = "pkg-1.0.tar.gz"
  private static let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

  private static var page: [UInt8] {
    let digest = SHA256Stream.digest(of: bytes.span).hexadecimal
    return Array("<a href=\"../../files/\(file)#sha256=\(digest)\">\(file)</a>".utf8)
  }

  /// Sends the index, and the file in two pieces with a break between.
  private static let script: LocalServer.Script = { request in
    switch request.path {
    case "/simple/pkg/":
      [.reply(200, ["Content-Type": "text/html", "ETag": "\"1\""], page)]
    case "/files/\(file)":
      if let start = request.start {
        [.rest(of: bytes, from: start, etag: "\"f\"")]
      } else {
        [
          .reply(
            200,
            ["ETag": "\"f\""],
            Array(bytes[..<1_000_000]),
            announcing: bytes.count
          ), .close,
        ]
      }
    default: [.reply(404)]
    }
  }

  @Test func `a file that breaks off on its way comes whole, and stays when the registry is gone`()
    async throws
  {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("larder-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: folder,
      withIntermediateDirectories: true
    )
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let catalog = try Catalog.open(at: folder + "/catalog.sqlite")
    let blobs = try await BlobStore.open(at: folder + "/blobs")
    let path = RepositoryPath(owner: "111122223333", domain: "shop", repository: "store")
    let isGone = EventGate()
    let script: LocalServer.Script = { isGone.isOpen ? [.close] : Self.script($0) }
    try await SourceFixture.with(script: script) { fixture in
      let depot = try Depot(
        catalog: catalog,
        blobs: blobs,
        external: fixture.source,
        clock: fixture.clock,
        masterKey: [UInt8](repeating: 7, count: 32),
        options: DepotOptions(region: "here")
      )
      _ = try await depot.bootstrap(account: path.owner)
      _ = try await depot.createDomain(owner: path.owner, name: path.domain)
      _ = try await depot.createRepository(path, administrator: path.owner)
      _ = try await depot.associateExternalConnection("public:pypi", with: path)
      guard
        case .arriving(let arriving) = try await depot.projectFile(
          Self.file,
          of: "pkg",
          version: "1.0",
          in: path
        )
      else {
        Issue.record("the file is on its way")
        return
      }
      var got: [UInt8] = []
      let reader = arriving.chunks()
      while let chunk = try await reader.next() { got += chunk }
      #expect(got == Self.bytes)
      isGone.open()
      fixture.clock.advance(by: .seconds(86_400))
      let page = try await depot.projectPage("pkg", in: path)
      #expect(page?.page.files.map(\.fileName) == [Self.file])
      guard
        case .stored(let file) = try await depot.projectFile(
          Self.file,
          of: "pkg",
          version: "1.0",
          in: path
        )
      else {
        Issue.record("the file is stored")
        return
      }
      #expect(try await blobs.get(file.key) == Self.bytes)
    }
    await blobs.close()
    try await catalog.close()
  }
}
