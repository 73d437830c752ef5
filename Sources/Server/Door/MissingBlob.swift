import Bytes

/// A reply named a blob that the store does not have: a row outlived its bytes.
struct MissingBlob: Error, CustomStringConvertible {
  let key: SHA256Digest

  var description: String {
    "the store has no blob \(key.hexadecimal), which the catalog names"
  }
}
