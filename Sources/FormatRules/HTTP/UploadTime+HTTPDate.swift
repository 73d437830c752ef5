extension UploadTime {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Reads a date as servers write it in headers: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section
  /// 5.6.7, `IMF-fixdate`).
  ///
  /// Nil for anything else, the two obsolete forms included. The name of the day is not held
  /// against the date.
  package init?(httpDate text: String) {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 6, words[0].utf8.count == 4, words[0].hasSuffix(","),
      words[1].utf8.count == 2, let month = Self.months.firstIndex(of: String(words[2])),
      words[3].utf8.count == 4, words[5] == "GMT"
    else { return nil }
    let digits = month < 9 ? "0\(month + 1)" : "\(month + 1)"
    self.init("\(words[3])-\(digits)-\(words[1])T\(words[4])Z")
  }
}
