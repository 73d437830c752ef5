/// What an index has attested of a distribution file (PEP 740).
package enum Provenance {
  /// What a file's address is followed by here.
  package static let addressEnding = ".provenance"

  /// Why a document is no provenance object of version 1; nil when it is one.
  ///
  /// Whether its signatures hold is for whoever trusts the signers.
  package static func flaw(in document: [UInt8]) -> String? {
    guard let value = try? JSONReader.read(document) else { return "it is no JSON" }
    guard value["version"]?.natural == 1 else { return "it is not of version 1" }
    guard value["attestation_bundles"]?.array != nil else { return "it has no attestations" }
    return nil
  }
}

extension SimplePage {
  /// Whether any file's provenance can be had.
  package var hasProvenance: Bool { files.contains { $0.provenance != nil } }

  /// The page with the addresses of provenance counted from `address`, its own: they have to be
  /// whole (PEP 740), unlike all others on it.
  package func provenanceResolved(against address: String) -> SimplePage {
    var page = self
    for index in page.files.indices {
      page.files[index].provenance = page.files[index].provenance.map {
        WebAddress.resolve($0, against: address)
      }
    }
    return page
  }
}
