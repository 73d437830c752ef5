import Access
import Bytes
import FormatRules
import HTTPTypes
import Repository

/// The digests that an upload's headers declare: `X-Checksum-Sha256` and its sisters in
/// hexadecimal, `Content-MD5` (RFC 1864), `Digest` (RFC 3230), `Content-Digest` and `Repr-Digest`
/// (RFC 9530) in base 64.
struct UploadDigests {
  /// In lowercase hexadecimal.
  private var declared: [(algorithm: ChecksumAlgorithm, digest: String)] = []

  /// - Throws: `validation` where a digest of a known algorithm cannot be read: who declares one
  ///   wants it compared.
  init(_ headers: HTTPFields) throws(RepositoryError) {
    for algorithm in ChecksumAlgorithm.allCases {
      guard let name = HTTPField.Name("X-Checksum-\(algorithm.rawValue)") else { continue }
      for value in headers[values: name] { try add(algorithm, Hexadecimal.decode(value), value) }
    }
    for value in headers[values: .contentMD5] { try add(.md5, Base64.decode(value), value) }
    for name in ["Digest", "Content-Digest", "Repr-Digest"].compactMap({ HTTPField.Name($0) }) {
      for value in headers[values: name] { try read(value) }
    }
  }

  private mutating func read(_ list: String) throws(RepositoryError) {
    for item in list.split(separator: ",") {
      let sides = item.split(separator: "=", maxSplits: 1)
      guard sides.count == 2, let algorithm = Self.algorithm(sides[0]) else { continue }
      let text = sides[1].filter { $0 != ":" && $0 != " " }
      try add(algorithm, Base64.decode(text), String(item))
    }
  }

  private static func algorithm(_ name: Substring) -> ChecksumAlgorithm? {
    switch name.lowercased().filter({ $0 != " " }) {
    case "md5": .md5
    case "sha": .sha1
    case "sha-256": .sha256
    case "sha-512": .sha512
    default: nil
    }
  }

  private mutating func add(
    _ algorithm: ChecksumAlgorithm,
    _ bytes: [UInt8]?,
    _ value: String
  ) throws(RepositoryError) {
    guard let bytes, bytes.count * 2 == algorithm.digitCount else {
      throw .refusedUpload("`\(value)` in the headers is no \(algorithm) digest.")
    }
    declared.append((algorithm, Hexadecimal.encode(bytes)))
  }

  /// Compares with what was received.
  func check(_ digests: AssetDigests) throws(RepositoryError) {
    for (algorithm, digest) in declared where algorithm.hexadecimal(of: digests) != digest {
      throw .refusedUpload(
        "The \(algorithm) digest in the headers is not that of the body; nothing was kept. Send "
          + "the file again."
      )
    }
  }
}

extension HTTPField.Name {
  static let contentMD5 = HTTPField.Name("Content-MD5") ?? .contentType
}
