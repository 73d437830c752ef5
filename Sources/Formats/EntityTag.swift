/// A strong entity tag (RFC 9110 section 8.8.3): equal tags mean equal bytes.
struct EntityTag: Hashable {
  /// With its quotes, as headers carry it.
  let text: String

  /// - Precondition: `opaque` has visible ASCII characters only, and no quotes.
  init(_ opaque: String) {
    self.text = "\"\(opaque)\""
  }

  /// Whether an `If-None-Match` (RFC 9110 section 13.1.2), in one or several header lines, names
  /// this tag; weak tags count, since only a reply without a body depends on it.
  func matches(ifNoneMatch values: [String]) -> Bool {
    values.contains { value in
      value.split(separator: ",").contains { candidate in
        let tag = candidate.drop { $0 == " " || $0 == "\t" }
        let strong = tag.hasPrefix("W/") ? tag.dropFirst(2) : tag
        return strong.prefix { $0 != " " && $0 != "\t" } == text || tag.hasPrefix("*")
      }
    }
  }

  /// Whether an `If-Range` (RFC 9110 section 13.1.5) names this tag.
  ///
  /// Dates never match: what is served here carries none.
  func matches(ifRange value: String) -> Bool {
    value == text
  }
}
