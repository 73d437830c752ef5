package import Bytes
internal import Codec

/// The digests that Maven repositories keep beside their files, each in a file of its own.
package enum ChecksumAlgorithm: String, CaseIterable, Sendable {
  case md5, sha1, sha256, sha512

  /// How many hexadecimal digits a digest has.
  package var digitCount: Int {
    switch self {
    case .md5: 32
    case .sha1: 40
    case .sha256: 64
    case .sha512: 128
    }
  }

  /// Splits a name such as `a.jar.sha1` into the file's and the algorithm; nil for other names.
  package static func split(_ name: String) -> (file: String, algorithm: ChecksumAlgorithm)? {
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex,
      let algorithm = ChecksumAlgorithm(rawValue: String(name[name.index(after: dot)...]))
    else { return nil }
    return (String(name[..<dot]), algorithm)
  }

  /// Finds the digest in a checksum file, as it is spelt there.
  ///
  /// Besides the bare digits there are files in the wild with a name before or behind them, as
  /// `sha1sum` and `openssl` write them. Nil when there are no such digits.
  package func find(in bytes: [UInt8]) -> String? {
    String(decoding: bytes, as: UTF8.self)
      .split { $0 == " " || $0 == "\t" || $0.isNewline || $0 == "=" || $0 == "*" }
      .first { $0.utf8.count == digitCount && Hexadecimal.decode(String($0)) != nil }
      .map(String.init)
  }

  /// The digest among those of an asset, in lower case.
  package func hexadecimal(of digests: AssetDigests) -> String {
    switch self {
    case .md5: Hexadecimal.encode(digests.md5)
    case .sha1: Hexadecimal.encode(digests.sha1)
    case .sha256: digests.sha256.hexadecimal
    case .sha512: Hexadecimal.encode(digests.sha512)
    }
  }

  /// The digest of bytes at hand, in lower case.
  package func hexadecimal(of bytes: [UInt8]) -> String {
    switch self {
    case .md5: Hexadecimal.encode(MD5Stream.digest(of: bytes.span))
    case .sha1: Hexadecimal.encode(SHA1Stream.digest(of: bytes.span))
    case .sha256: SHA256Stream.digest(of: bytes.span).hexadecimal
    case .sha512: Hexadecimal.encode(SHA512Stream.digest(of: bytes.span))
    }
  }
}
