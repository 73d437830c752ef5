internal import Bytes

/// The target of a request line: a path and a query, kept as sent.
///
/// Decoding is done here once and by one rule: per path segment, so that `%2F` inside a segment is
/// data and no separator, and `+` is a plus in a path (RFC 3986 section 3.3).
package struct Target: Hashable, Sendable {
  /// The path as sent, beginning with `/`.
  package let rawPath: String
  /// The query as sent, without its `?`; empty when there is none.
  package let rawQuery: String

  /// Splits a request target at its first `?`.
  package init(_ text: String) {
    let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = parts.first.map(String.init) ?? ""
    self.rawPath = path.hasPrefix("/") ? path : "/" + path
    self.rawQuery = parts.count > 1 ? String(parts[1]) : ""
  }

  /// The path's segments, decoded, without the empty one before the first slash.
  ///
  /// A trailing slash shows as a last empty segment. Nil when an escape is broken or not UTF-8.
  package var segments: [String]? {
    var decoded: [String] = []
    for segment in rawPath.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      guard let text = PercentEncoding.decode(segment) else { return nil }
      decoded.append(text)
    }
    return decoded
  }

  /// The query's names and values in order, decoded; a name without `=` has an empty value.
  ///
  /// Nil when an escape is broken or not UTF-8. `+` is a plus: the AWS clients write `%20`.
  package var query: [(name: String, value: String)]? {
    var pairs: [(name: String, value: String)] = []
    for pair in rawQuery.split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentEncoding.decode(sides[0]),
        let value = PercentEncoding.decode(sides.count > 1 ? sides[1] : "")
      else { return nil }
      pairs.append((name, value))
    }
    return pairs
  }
}
