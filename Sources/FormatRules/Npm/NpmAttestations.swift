internal import Bytes

/// What is attested of a version: the Sigstore bundles that came with it when it was published.
package enum NpmAttestations {
  /// How long a bundle may be, in bytes.
  package static let longestBundle = 4 << 20

  /// Writes the reply of the attestations endpoint (`/-/npm/v1/attestations/name@version`) for the
  /// bundle that a client attached.
  package static func document(of bundle: [UInt8]) throws(MalformedInput) -> [UInt8] {
    let value = try JSONReader.read(bundle)
    let attestation = JSONValue.object([
      .init("predicateType", .string(try predicateType(of: value))), .init("bundle", value),
    ])
    return Array(JSONValue.object([.init("attestations", .array([attestation]))]).json.utf8)
  }

  /// What `dist.attestations` says of a bundle; its address is set when the manifest is written.
  package static func summary(of bundle: [UInt8]) throws(MalformedInput) -> JSONValue {
    let type = try predicateType(of: try JSONReader.read(bundle))
    return .object([
      .init("provenance", .object([.init("predicateType", .string(type))]))
    ])
  }

  /// The kind of statement, from inside the bundle's envelope (in-toto attestation framework,
  /// "Statement").
  private static func predicateType(of bundle: JSONValue) throws(MalformedInput) -> String {
    guard let payload = bundle["dsseEnvelope"]?["payload"]?.string,
      let statement = Base64.decodePadded(payload),
      let type = try JSONReader.read(statement)["predicateType"]?.string
    else { throw MalformedInput("provenance", "it is no Sigstore bundle with a statement in it") }
    return type
  }
}
