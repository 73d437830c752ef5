/// A query string taken apart, nothing decoded.
enum QueryParameters {
  /// Returns names and values in order; a name without `=` has an empty value.
  static func split(_ rawQuery: String) -> [(name: Substring, value: Substring)] {
    rawQuery.split(separator: "&").map { pair in
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (sides[0], sides.count > 1 ? sides[1] : "")
    }
  }
}
