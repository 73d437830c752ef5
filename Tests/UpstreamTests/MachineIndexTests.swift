import FormatRules
import Foundation
import Repository
import Testing

@testable import Upstream

@Suite("The machine's own index")
struct MachineIndexTests {
  /// Needs the network, so it runs only when asked for.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["LARDER_TRY_UPSTREAM"] != nil))
  func `it is found and trusted, and a file of it comes through verified`() async throws {
    let environment = ProcessInfo.processInfo.environment
    let addresses = try await ExternalAddresses.discover(overrides: [], environment: environment)
    let found = try #require(addresses["public:pypi"])
    print("public:pypi found in \(found.source)")
    let source = HTTPExternalSource(
      addresses: addresses,
      clock: SystemClock(),
      environment: environment
    )
    try await DepotOverHTTP.with(source, clock: SystemClock()) { depot, path in
      let page = try #require(try await depot.projectPage("six", in: path))
      let file = try #require(page.page.files.last { $0.fileName.hasSuffix(".whl") })
      #expect(file.uploadTime != nil)
      let bytes = try await depot.bytes(of: file.fileName, in: "six", at: path)
      #expect(bytes.starts(with: Array("PK".utf8)))
      print("\(page.page.files.count) files, \(bytes.count) bytes of \(file.fileName)")
      let beside = try await depot.coreMetadata(
        of: file.fileName,
        project: "six",
        version: nil,
        in: path
      )
      #expect(beside != nil, "cut from the wheel")
    }
    await source.shutdown()
  }
}
