/// Moments as policies write them: ISO 8601 with any of its precisions, or seconds since 1970.
///
/// Source: IAM user guide, "Date condition operators", and the W3C note on date and time formats
/// that it names.
enum PolicyTime {
  /// Returns microseconds since 1970; nil for what is no moment.
  static func microseconds(_ text: String) -> Int64? {
    if let seconds = Int64(text) {
      let (micros, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
      return overflow ? nil : micros
    }
    var rest = Array(text.utf8)[...]
    guard let year = take(4, &rest) else { return nil }
    let month = next("-", &rest) ? take(2, &rest) : 1
    guard let month, (1...12).contains(month) else { return nil }
    let day = next("-", &rest) ? take(2, &rest) : 1
    guard let day, day >= 1, day <= Self.days(in: month, of: year) else { return nil }
    let midnight = days(year: year, month: month, day: day) * 86_400_000_000
    if rest.isEmpty { return midnight }
    guard next("T", &rest), let inDay = timeOfDay(&rest), let zone = zone(&rest), rest.isEmpty
    else { return nil }
    return midnight + inDay - zone
  }

  /// The moment as `2026-11-21T12:00:00.250000Z`.
  static func text(_ microseconds: Int64) -> String {
    let (day, inDay) = floorDivision(microseconds, 86_400_000_000)
    let date = date(day: day)
    let (second, fraction) = inDay.quotientAndRemainder(dividingBy: 1_000_000)
    let clock = [second / 3600, second / 60 % 60, second % 60].map { padded($0, 2) }
    let calendar = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    return "\(calendar)T\(clock.joined(separator: ":")).\(padded(fraction, 6))Z"
  }

  private static func timeOfDay(_ rest: inout ArraySlice<UInt8>) -> Int64? {
    guard let hour = take(2, &rest), hour < 24, next(":", &rest), let minute = take(2, &rest),
      minute < 60
    else { return nil }
    var micros = (hour * 60 + minute) * 60_000_000
    guard next(":", &rest) else { return micros }
    guard let second = take(2, &rest), second < 60 else { return nil }
    micros += second * 1_000_000
    guard next(".", &rest) else { return micros }
    var unit: Int64 = 100_000
    guard rest.first.map(isDigit) == true else { return nil }
    while let digit = rest.first, isDigit(digit) {
      rest.removeFirst()
      micros += Int64(digit - UInt8(ascii: "0")) * unit
      unit /= 10
    }
    return micros
  }

  /// Microseconds that the zone is ahead of UTC.
  private static func zone(_ rest: inout ArraySlice<UInt8>) -> Int64? {
    if next("Z", &rest) { return 0 }
    let sign: Int64
    if next("+", &rest) {
      sign = 1
    } else if next("-", &rest) {
      sign = -1
    } else {
      return nil
    }
    guard let hour = take(2, &rest), hour < 24 else { return nil }
    _ = next(":", &rest)
    guard let minute = take(2, &rest), minute < 60 else { return nil }
    return sign * (hour * 60 + minute) * 60_000_000
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }

  private static func take(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> Int64? {
    let digits = rest.prefix(count)
    guard digits.count == count, digits.allSatisfy(isDigit) else { return nil }
    rest = rest.dropFirst(count)
    return digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
  }

  private static func next(_ character: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }
}

/// The civil calendar by Howard Hinnant's algorithms ("chrono-Compatible Low-Level Date
/// Algorithms").
extension PolicyTime {
  private static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }

  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let (era, inEra) = floorDivision(shifted, 400)
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + inEra * 365 + inEra / 4 - inEra / 100 + dayOfYear - 719_468
  }

  private static func date(day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, inEra) = floorDivision(day + 719_468, 146_097)
    let year = (inEra - inEra / 1460 + inEra / 36_524 - inEra / 146_096) / 365
    let dayOfYear = inEra - (365 * year + year / 4 - year / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (
      year + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1
    )
  }

  private static func floorDivision(
    _ value: Int64,
    _ divisor: Int64
  ) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
