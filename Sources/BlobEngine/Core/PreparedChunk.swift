import Bytes
import Codec

/// What the engine calls a chunk.
///
/// Not the SHA-256 of its bytes, under which a caller may have stored the same bytes, but the
/// complement of that of a label and of the bytes' SHA-256: nobody can make a blob of that name.
/// The SHA-256 itself would be the name of the label with what follows it, a blob that anyone may
/// put: of two entries of one key a replay keeps one, and a delete of the blob would bury the
/// chunk.
enum ChunkName {
  private static let label = Array("larder chunk, version 1".utf8)

  static func key(of digest: SHA256Digest) -> SHA256Digest {
    let words = SHA256Stream.digest(of: labelled(digest).span).words
    return SHA256Digest(words: (~words.0, ~words.1, ~words.2, ~words.3))
  }

  /// The label and the SHA-256 of a chunk's bytes.
  static func labelled(_ digest: SHA256Digest) -> [UInt8] {
    var bytes = FieldWriter(reserving: label.count + SHA256Digest.byteCount)
    bytes.append(label)
    bytes.append(digest)
    return bytes.bytes
  }
}

extension Preparer {
  /// Makes the bytes of a chunk ready for the log, encrypted in a scope.
  ///
  /// They stay as they are: they are compressed by whoever made the archive, as a rule.
  ///
  /// - Precondition: at most ``inlineByteLimit`` bytes.
  package func chunk(_ bytes: [UInt8]) -> PreparedBlob {
    precondition(bytes.count <= inlineByteLimit, "a longer member is several chunks")
    let digest = SHA256Stream.digest(of: bytes.span)
    let name = chunkName(of: digest)
    return PreparedBlob(
      key: name,
      digest: digest,
      byteCount: bytes.count,
      stored: uncompressed(bytes[...], as: .blob, key: name),
      probe: ContentProbe(low: 0, high: 0),
      isChunk: true
    )
  }

  /// Makes a recipe ready for the log, encrypted in a scope.
  func recipe(
    of key: SHA256Digest,
    runs: [RecipeRun],
    skeleton: [UInt8]
  ) -> PreparedRecipe {
    let byteCount = runs.reduce(UInt64(0)) { $0 + $1.byteCount }
    let stored = uncompressed(
      skeleton[...],
      as: .recipe,
      key: key,
      byteCount: byteCount,
      runs: runs
    )
    return PreparedRecipe(key: key, byteCount: byteCount, runs: runs, stored)
  }
}
