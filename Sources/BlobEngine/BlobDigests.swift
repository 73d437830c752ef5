/// Digests of a blob's bytes beside its SHA-256, for clients that know it by another one.
///
/// Attributes, never identities: MD5 and SHA-1 have practical collisions.
public struct DigestKinds: OptionSet, Hashable, Sendable {
  /// A bit for each kind.
  public let rawValue: UInt16

  /// Makes a set of its bits.
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// MD5 (RFC 1321), 16 bytes.
  public static let md5 = DigestKinds(rawValue: 1 << 0)
  /// SHA-1 (FIPS 180-4), 20 bytes.
  public static let sha1 = DigestKinds(rawValue: 1 << 1)
  /// SHA-512 (FIPS 180-4), 64 bytes.
  public static let sha512 = DigestKinds(rawValue: 1 << 2)
  /// BLAKE2b (RFC 7693) with 32 bytes of output.
  public static let blake2b256 = DigestKinds(rawValue: 1 << 3)

  /// Every kind that this build makes.
  package static let all = DigestKinds(DigestAlgorithm.allCases)

  package init(_ algorithms: some Sequence<DigestAlgorithm>) {
    self = algorithms.reduce(into: []) { $0.insert($1.kind) }
  }

  /// The kinds of the set in the order in which records hold them.
  package var algorithms: [DigestAlgorithm] {
    DigestAlgorithm.allCases.filter { contains($0.kind) }
  }
}

extension DigestAlgorithm {
  /// The kind's bit.
  package var kind: DigestKinds { DigestKinds(rawValue: 1 << (rawValue - 1)) }
}

/// What a blob's bytes hash to beside its SHA-256.
public struct BlobDigests: Hashable, Sendable {
  /// In the order of their algorithms, each at most once.
  package let values: [BlobDigest]

  /// No digests.
  public init() {
    values = []
  }

  package init(_ values: [BlobDigest]) {
    self.values = values.sorted { $0.algorithm.rawValue < $1.algorithm.rawValue }
  }

  /// Which digests are here.
  public var kinds: DigestKinds { DigestKinds(values.map(\.algorithm)) }

  /// MD5, 16 bytes; nil when it was not made.
  public var md5: [UInt8]? { self[.md5] }

  /// SHA-1, 20 bytes; nil when it was not made.
  public var sha1: [UInt8]? { self[.sha1] }

  /// SHA-512, 64 bytes; nil when it was not made.
  public var sha512: [UInt8]? { self[.sha512] }

  /// BLAKE2b with 32 bytes of output; nil when it was not made.
  public var blake2b256: [UInt8]? { self[.blake2b256] }

  package subscript(algorithm: DigestAlgorithm) -> [UInt8]? {
    values.first { $0.algorithm == algorithm }?.bytes
  }

  /// Those of the kinds that are asked for.
  package func limited(to kinds: DigestKinds) -> BlobDigests {
    BlobDigests(values.filter { kinds.contains($0.algorithm.kind) })
  }

  /// These, and of the others those that are not among them.
  package func union(_ others: BlobDigests) -> BlobDigests {
    BlobDigests(values + others.limited(to: others.kinds.subtracting(kinds)).values)
  }
}
