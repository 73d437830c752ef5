package import Bytes

/// The digests by which npm's clients check an archive: `dist.integrity`, a list as the W3C
/// recommendation Subresource Integrity has it, and `dist.shasum`, SHA-1 in hexadecimal.
package enum NpmIntegrity {
  private static let byteCounts = ["md5": 16, "sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64]

  /// Returns the digests that a `dist` states, in lowercase hexadecimal by algorithm.
  ///
  /// What is not a digest is passed over, and the first of several with one algorithm counts.
  package static func hashes(of dist: JSONValue) -> [String: String] {
    var hashes: [String: String] = [:]
    // By bytes: a packument has one of these for each of its thousands of versions.
    let stated = Array((dist["integrity"]?.string ?? "").utf8)
    for item in stated.split(whereSeparator: Self.isBlank) {
      guard let dash = item.firstIndex(of: UInt8(ascii: "-")) else { continue }
      let algorithm = String(decoding: item[..<dash], as: UTF8.self).lowercased()
      let digits = item[(dash + 1)...].prefix { $0 != UInt8(ascii: "?") }
      guard hashes[algorithm] == nil, let bytes = Base64.decodePadded(digits),
        bytes.count == byteCounts[algorithm]
      else { continue }
      hashes[algorithm] = Hexadecimal.encode(bytes)
    }
    if let shasum = dist["shasum"]?.string, let bytes = Hexadecimal.decode(shasum),
      bytes.count == byteCounts["sha1"]
    {
      hashes["sha1"] = Hexadecimal.encode(bytes)
    }
    return hashes
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  /// Names the first digest that a `dist` states and an archive does not have; nil when all hold.
  ///
  /// Only what a registry computes itself is compared: SHA-384 is not.
  package static func mismatch(of dist: JSONValue, with digests: AssetDigests) -> String? {
    let stated = hashes(of: dist)
    let real = [
      "md5": Hexadecimal.encode(digests.md5), "sha1": Hexadecimal.encode(digests.sha1),
      "sha256": digests.sha256.hexadecimal, "sha512": Hexadecimal.encode(digests.sha512),
    ]
    return ["sha512", "sha256", "sha1", "md5"].first { algorithm in
      stated[algorithm].map { $0 != real[algorithm] } ?? false
    }
  }

  /// The `integrity` of an archive.
  package static func text(of digests: AssetDigests) -> String {
    "sha512-" + Base64.encode(digests.sha512)
  }
}
