package import BlobEngine
package import Bytes
import Codec

/// The bytes and keys of recipes, made once for a run.
///
/// One thread only.
package final class RecipeBook {
  package struct Blob {
    package let bytes: [UInt8]
    package let key: SHA256Digest

    /// What stands for the blob's digests: made of its key, since an engine takes any.
    package func digests(_ kinds: DigestKinds) -> BlobDigests {
      BlobDigests(
        kinds.algorithms.map { algorithm in
          let bytes = (0..<algorithm.byteCount).map { key.bytes[$0 % SHA256Digest.byteCount] }
          return BlobDigest(algorithm: algorithm, bytes: bytes)
        }
      )
    }
  }

  private var blobs: [BlobRecipe: Blob] = [:]

  package init() {}

  /// Returns the blob of a recipe.
  package func blob(_ recipe: BlobRecipe) -> Blob {
    if let known = blobs[recipe] { return known }
    let bytes = recipe.makeBytes()
    let blob = Blob(bytes: bytes, key: SHA256Stream.digest(of: bytes.span))
    blobs[recipe] = blob
    return blob
  }
}
