/// What an index has attested of a file, as it gave it.
package struct KeptProvenance: Sendable {
  /// JSON, checked to be a provenance object (PEP 740).
  package let bytes: [UInt8]
  /// The media type without parameters.
  package let contentType: String
  /// How long ago it was known to be right, when that is longer than the settings want.
  package let staleness: Duration?
}
