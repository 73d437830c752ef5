/// An entity tag (RFC 9110 section 8.8.3); where it is strong, equal tags mean equal bytes.
struct EntityTag: Hashable {
  private let opaque: String
  private let isWeak: Bool

  /// Makes a strong tag.
  ///
  /// - Precondition: `opaque` has visible ASCII characters only, and no quotes.
  init(_ opaque: String) {
    self.init(opaque, isWeak: false)
  }

  private init(_ opaque: String, isWeak: Bool) {
    self.opaque = opaque
    self.isWeak = isWeak
  }

  /// As headers carry it.
  var text: String { (isWeak ? "W/" : "") + quoted }

  private var quoted: String { "\"\(opaque)\"" }

  /// The tag of the same in the content coding `zstd`.
  ///
  /// Another one, so that a cache does not take one form for the other (section 8.8.3.3); a weak
  /// one, since the same bytes may be stored in other frames one day, and so never good for a part.
  var zstandard: EntityTag { EntityTag(opaque + "-zstd", isWeak: true) }

  /// Whether an `If-None-Match` (RFC 9110 section 13.1.2), in one or several header lines, names
  /// this tag; weak tags count, since only a reply without a body depends on it.
  func matches(ifNoneMatch values: [String]) -> Bool {
    values.contains { value in
      value.split(separator: ",").contains { candidate in
        let tag = candidate.drop { $0 == " " || $0 == "\t" }
        let strong = tag.hasPrefix("W/") ? tag.dropFirst(2) : tag
        return strong.prefix { $0 != " " && $0 != "\t" } == quoted || tag.hasPrefix("*")
      }
    }
  }

  /// Whether an `If-Range` (RFC 9110 section 13.1.5) names this tag.
  ///
  /// Dates never match: those that are served here are of whole seconds, too weak for a part (RFC
  /// 9110 section 8.8.2.2). Nor do weak tags.
  func matches(ifRange value: String) -> Bool {
    !isWeak && value == text
  }
}
