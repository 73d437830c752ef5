/// The `Accept-Encoding` header of a request (RFC 9110 section 12.5.3).
package struct AcceptEncoding: Hashable, Sendable {
  /// Weights in thousandths by content coding in lower case; `*` for all that are not named.
  private let weights: [String: Int]

  /// Reads the header's values, which together are one list.
  package init(_ values: [String]) {
    var weights: [String: Int] = [:]
    for member in values.flatMap({ $0.split(separator: ",") }) {
      let parts = member.split(separator: ";", omittingEmptySubsequences: false)
      let coding = Array(parts[0].utf8).trimmed.map(\.lowercased)
      weights[String(decoding: coding, as: UTF8.self)] = QualityValue.read(parts.dropFirst())
    }
    self.weights = weights
  }

  /// Whether the client takes `coding`: it names it, or all, with a weight above nothing.
  ///
  /// A client without the header would take anything by the RFC; those that send none are found
  /// not to decode, so they get none.
  package func takes(_ coding: String) -> Bool {
    weights[coding] ?? weights["*"] ?? 0 > 0
  }

  /// Whether the client names `coding`, with a weight above nothing and not below that of no coding
  /// at all.
  ///
  /// For codings that few know: who says `*` takes any by the RFC, and is served well by none too.
  /// What has no coding is acceptable without being named, and then the last that is wished for.
  package func prefers(_ coding: String) -> Bool {
    guard let weight = weights[coding], weight > 0 else { return false }
    return weight >= weights["identity"] ?? weights["*"] ?? 0
  }
}
