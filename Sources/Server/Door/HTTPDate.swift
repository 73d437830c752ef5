import Foundation
import Synchronization

/// Dates as HTTP writes them (IMF-fixdate, RFC 9110 section 5.6.7).
package enum HTTPDate {
  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  private static let latest = Mutex<(second: Int, text: String)>((-1, ""))

  /// The date of this second; formatted once a second, however many replies go out.
  package static func now() -> String {
    let second = Int(Date().timeIntervalSince1970)
    return latest.withLock { cached in
      if cached.second != second {
        cached = (second, text(secondsSinceEpoch: second))
      }
      return cached.text
    }
  }

  /// Writes a moment from 1970 on, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
  package static func text(secondsSinceEpoch: Int) -> String {
    let day = secondsSinceEpoch / 86_400
    let second = secondsSinceEpoch % 86_400
    let clock = [second / 3600, second / 60 % 60, second % 60].map(padded)
    let date = civil(day)
    return "\(days[day % 7]), \(padded(date.day)) \(months[date.month - 1]) \(date.year) "
      + "\(clock.joined(separator: ":")) GMT"
  }

  /// Turns days since 1970 into a Gregorian date: years begin in March, so that the leap day is
  /// the last, and repeat every 400 years, which are 146,097 days.
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let leaps = dayOfEra / 1460 - dayOfEra / 36_524 + dayOfEra / 146_096
    let yearOfEra = (dayOfEra - leaps) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }

  private static func padded(_ number: Int) -> String {
    number < 10 ? "0\(number)" : String(number)
  }
}
