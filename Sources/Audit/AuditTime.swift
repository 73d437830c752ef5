/// Moments of the trail, as its records and the names of its files write them, in UTC.
///
/// Written by hand, because a formatter costs more than the rest of a record.
package enum AuditTime {
  /// `2026-01-31T23:59:59Z`: CloudTrail's times have whole seconds.
  package static func text(_ milliseconds: UInt64) -> String {
    let moment = parts(milliseconds)
    return "\(pad(moment.year, 4))-\(pad(moment.month))-\(pad(moment.day))T"
      + "\(pad(moment.hour)):\(pad(moment.minute)):\(pad(moment.second))Z"
  }

  /// `20260131T235959.123Z`: sorts by time, and is a file's name anywhere.
  package static func fileText(_ milliseconds: UInt64) -> String {
    let moment = parts(milliseconds)
    return "\(pad(moment.year, 4))\(pad(moment.month))\(pad(moment.day))T"
      + "\(pad(moment.hour))\(pad(moment.minute))\(pad(moment.second))"
      + ".\(pad(Int(milliseconds % 1000), 3))Z"
  }

  /// Reads ``text(_:)``, with or without a fraction of a second; nil when it is another text.
  package static func milliseconds(_ text: some StringProtocol) -> UInt64? {
    guard text.utf8.count >= 20, text.hasSuffix("Z") else { return nil }
    let digits = text.utf8.filter { 0x30...0x39 ~= $0 }.map { Int($0) - 0x30 }
    guard digits.count >= 14 else { return nil }
    let punctuation = text.utf8.filter { !(0x30...0x39 ~= $0) }
    guard [Array("--T::Z".utf8), Array("--T::.Z".utf8)].contains(Array(punctuation)) else {
      return nil
    }
    return moment(digits)
  }

  /// Reads ``fileText(_:)``.
  package static func fileMilliseconds(_ text: some StringProtocol) -> UInt64? {
    guard text.utf8.count == 20, text.hasSuffix("Z") else { return nil }
    let punctuation = text.utf8.filter { !(0x30...0x39 ~= $0) }
    guard Array(punctuation) == Array("T.Z".utf8) else { return nil }
    return moment(text.utf8.filter { 0x30...0x39 ~= $0 }.map { Int($0) - 0x30 })
  }

  private struct Parts {
    let year, month, day, hour, minute, second: Int
  }

  private static func moment(_ digits: [Int]) -> UInt64? {
    guard digits.count >= 14 else { return nil }
    let number = { (range: Range<Int>) in digits[range].reduce(0) { $0 * 10 + $1 } }
    let (month, day) = (number(4..<6), number(6..<8))
    guard (1...12).contains(month), (1...31).contains(day), number(8..<10) < 24,
      number(10..<12) < 60, number(12..<14) < 61
    else { return nil }
    let days = daysSinceEpoch(year: number(0..<4), month: month, day: day)
    guard days >= 0 else { return nil }
    let seconds = days * 86_400 + number(8..<10) * 3600 + number(10..<12) * 60 + number(12..<14)
    let fraction = (digits[14...] + [0, 0, 0]).prefix(3).reduce(0) { $0 * 10 + $1 }
    return UInt64(seconds) * 1000 + UInt64(fraction)
  }

  private static func parts(_ milliseconds: UInt64) -> Parts {
    let seconds = Int(milliseconds / 1000)
    let (year, month, day) = civil(daysSinceEpoch: seconds / 86_400)
    let rest = seconds % 86_400
    return Parts(
      year: year,
      month: month,
      day: day,
      hour: rest / 3600,
      minute: rest / 60 % 60,
      second: rest % 60
    )
  }

  /// The proleptic Gregorian calendar by eras of 400 years, whose years begin in March
  /// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
  private static func civil(daysSinceEpoch: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = daysSinceEpoch + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    let civilMonth = month < 10 ? month + 3 : month - 9
    return (era * 400 + year + (civilMonth <= 2 ? 1 : 0), civilMonth, day)
  }

  private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = year / 400
    let yearOfEra = year % 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func pad(_ number: Int, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
