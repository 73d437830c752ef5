extension UploadTime {
  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
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

  /// The instant as headers carry it, without its fraction; nil before 1970 and after the year
  /// 9999, for which there is no such form.
  package var httpDate: String? {
    guard 0..<253_402_300_800_000_000 ~= microseconds else { return nil }
    let text = Array(text.utf8)
    func digits(_ places: Range<Int>) -> String {
      String(decoding: text[places], as: UTF8.self)
    }
    let day = Self.days[Int(microseconds / 86_400_000_000 % 7)]
    let month = Self.months[(Int(digits(5..<7)) ?? 1) - 1]
    return "\(day), \(digits(8..<10)) \(month) \(digits(0..<4)) \(digits(11..<19)) GMT"
  }

  /// The instant without its fraction of a second, as a header carries it.
  package var wholeSecond: UploadTime {
    let rest = microseconds % 1_000_000
    return UploadTime(microseconds: microseconds - (rest < 0 ? rest + 1_000_000 : rest))
  }
}
