internal import Bytes
internal import Catalog

/// What one fetch is about: the same for everyone who wants the file.
struct FlightPlan: Hashable, Sendable {
  /// Whose scope the file goes to: what two domains want is fetched for each.
  let domain: DomainID
  let connection: ExternalConnection
  /// The file's own address.
  let address: String
  let fileName: String
  /// What the index says the bytes hash to, in lowercase hexadecimal by algorithm.
  let hashes: [String: String]
  /// The length the index promises, in bytes.
  let byteCount: UInt64?

  /// Where the file is, whatever is promised of it.
  var source: HeadStart.Source { HeadStart.Source(connection: connection, address: address) }

  /// The SHA-256 that the index promises; nil when it promises none that can be read.
  var sha256: SHA256Digest? { hashes["sha256"].flatMap { SHA256Digest(hexadecimal: $0) } }

  /// Whether nothing says what the bytes should hash to.
  var isUnvouched: Bool { hashes.keys.allSatisfy { !Self.algorithms.contains($0) } }

  private static let algorithms: Set<String> = ["sha256", "sha512", "sha1", "md5"]

  /// Names the first promised digest that `digests` breaks, or nil when all known ones hold.
  func brokenPromise(by digests: AssetDigests) -> String? {
    let found = [
      "sha256": digests.sha256.bytes, "sha512": digests.sha512, "sha1": digests.sha1,
      "md5": digests.md5,
    ]
    return found.first { algorithm, bytes in
      hashes[algorithm].map { Hexadecimal.decode($0) != bytes } ?? false
    }?.key
  }
}
