import Foundation
import NIOSSL
import Testing

@testable import Upstream

@Suite("Trusted certificates")
struct TrustStoreTests {
  @Test func `the environment's bundle is believed, the first that can be read`() throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("larder-\(UUID().uuidString).pem")
    try Data("x".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(TrustStore.roots([:]) == .default)
    #expect(TrustStore.roots(["SSL_CERT_FILE": "/nowhere"]) == .default)
    #expect(
      TrustStore.roots(["SSL_CERT_FILE": "/nowhere", "PIP_CERT": file.path]) == .file(file.path)
    )
  }
}
