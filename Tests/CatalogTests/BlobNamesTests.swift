import Bytes
import Testing

@testable import Catalog

@Suite("Names of blobs in the store")
struct BlobNamesTests {
  /// A server asks once for each asset that is published, for as long as it runs.
  @Test(.timeLimit(.minutes(15)))
  func `asking two hundred thousand times is asking a thousand times two hundred times`() throws {
    let bytes = [UInt8](repeating: 7, count: 32)
    let digest = SHA256Digest(bytes: bytes.span)
    let blob = try #require(digest)
    let names = BlobNames()
    #expect(names.name(of: blob, in: DomainID(1)) == .unknown)
    names.set { domain, blob in domain == DomainID(1) ? .other(blob) : .digest }
    var wrong = 0
    for _ in 0..<200_000 where names.name(of: blob, in: DomainID(1)) != .other(blob) { wrong += 1 }
    #expect(wrong == 0)
    #expect(names.name(of: blob, in: DomainID(2)) == .digest)
  }
}
