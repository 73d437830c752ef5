/// The `Accept` header of a request (RFC 9110 section 12.5.1).
package struct AcceptHeader: Hashable, Sendable {
  struct Range: Hashable, Sendable {
    /// Type and subtype in lower case; `*` for any.
    var type: String
    var subtype: String
    /// The weight in thousandths, 0 to 1000.
    var weight: Int
  }

  let ranges: [Range]

  /// Reads the header's values, which together are one list.
  ///
  /// A member that is broken is skipped, so that one odd client cannot lock itself out.
  package init(_ values: [String]) {
    ranges = values.flatMap { $0.split(separator: ",") }.compactMap { Range($0) }
  }

  /// The weight that the client gives `type/subtype`: that of the most exact range covering it, or
  /// nil when none does.
  func weight(type: String, subtype: String) -> Int? {
    let exact = ranges.filter { $0.type == type && $0.subtype == subtype }
    let sameType = ranges.filter { $0.type == type && $0.subtype == "*" }
    let any = ranges.filter { $0.type == "*" && $0.subtype == "*" }
    return [exact, sameType, any].first { !$0.isEmpty }?.map(\.weight).max()
  }
}

extension AcceptHeader.Range {
  fileprivate init?(_ text: Substring) {
    let parts = text.split(separator: ";", omittingEmptySubsequences: false)
    let media = Array(parts[0].utf8).trimmed.map(\.lowercased)
    let sides = String(decoding: media, as: UTF8.self).split(
      separator: "/",
      omittingEmptySubsequences: false
    )
    guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else { return nil }
    type = String(sides[0])
    subtype = String(sides[1])
    weight = QualityValue.read(parts.dropFirst())
  }
}

extension SimpleRepresentation {
  /// Chooses the representation for a request's `Accept` values (PEP 691, "Version + format
  /// selection"); nil when the client accepts none that we have, which is a 406.
  ///
  /// The greatest weight wins; among equals plain HTML, then the versioned one, then JSON, so that
  /// `*/*` and a missing header mean `text/html` as they always have.
  package static func negotiate(accept values: [String]) -> SimpleRepresentation? {
    let header = AcceptHeader(values)
    guard !header.ranges.isEmpty else { return .legacyHTML }
    var best: (representation: SimpleRepresentation, weight: Int)?
    for candidate in [SimpleRepresentation.legacyHTML, .html, .json] {
      let weight = candidate.names.compactMap { header.weight(type: $0.0, subtype: $0.1) }.max()
      guard let weight, weight > 0, weight > best?.weight ?? 0 else { continue }
      best = (candidate, weight)
    }
    return best?.representation
  }

  /// Type and subtype of each name a client may ask for this representation by.
  ///
  /// `latest` is only asked for, never answered with.
  private var names: [(String, String)] {
    switch self {
    case .json: versioned("json")
    case .html: versioned("html")
    case .legacyHTML: [("text", "html")]
    }
  }

  private func versioned(_ form: String) -> [(String, String)] {
    ["v1", "latest"].map { ("application", "vnd.pypi.simple.\($0)+\(form)") }
  }
}
