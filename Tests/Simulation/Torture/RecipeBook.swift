package import Bytes
import Codec

/// The bytes and keys of recipes, made once for a run.
///
/// One thread only.
package final class RecipeBook {
  package struct Blob {
    package let bytes: [UInt8]
    package let key: SHA256Digest
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
