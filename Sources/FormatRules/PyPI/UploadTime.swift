/// An instant in UTC as PEP 700 writes it: `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`.
package struct UploadTime: Hashable, Sendable {
  /// Microseconds since the beginning of 1970 in UTC, leap seconds not counted.
  package let microseconds: Int64

  package init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  /// Reads the PEP's form with up to nine digits of fraction (those beyond six are dropped), and an
  /// offset such as `+02:00` in place of `Z`, which some indexes write.
  ///
  /// Nil for anything else.
  package init?(_ text: some StringProtocol) {
    var reader = Reader(rest: Array(text.utf8)[...])
    guard let value = reader.instant() else { return nil }
    self.microseconds = value
  }

  /// The instant as text; a fraction is written only when there is one.
  package var text: String {
    text(fraction: Self.floorDivide(microseconds, 1_000_000).1 == 0 ? 0 : 6)
  }

  /// The instant as text with so many digits of fraction, up to six; what is beyond is cut off.
  package func text(fraction width: Int) -> String {
    let (seconds, rest) = Self.floorDivide(microseconds, 1_000_000)
    let (days, secondOfDay) = Self.floorDivide(seconds, 86_400)
    let (year, month, day) = Self.civil(fromDays: days)
    var text: [UInt8] = []
    text.reserveCapacity(27)
    Self.append(year, 4, "-", to: &text)
    Self.append(month, 2, "-", to: &text)
    Self.append(day, 2, "T", to: &text)
    Self.append(secondOfDay / 3600, 2, ":", to: &text)
    Self.append(secondOfDay / 60 % 60, 2, ":", to: &text)
    Self.append(secondOfDay % 60, 2, width > 0 ? "." : "Z", to: &text)
    if width > 0 {
      let unit = (width..<6).reduce(Int64(1)) { unit, _ in unit * 10 }
      Self.append(rest / unit, width, "Z", to: &text)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Adds a number with at least `width` digits, and what stands behind it.
  private static func append(
    _ value: Int64,
    _ width: Int,
    _ separator: Unicode.Scalar,
    to text: inout [UInt8]
  ) {
    var power = (1..<width).reduce(Int64(1)) { power, _ in power * 10 }
    if 0..<(power * 10) ~= value {
      while power > 0 {
        text.append(UInt8(ascii: "0") + UInt8(value / power % 10))
        power /= 10
      }
    } else {
      text += Array(String(value).utf8)
    }
    text.append(UInt8(ascii: separator))
  }

  private static func floorDivide(_ value: Int64, _ by: Int64) -> (Int64, Int64) {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: by)
    return rest < 0 ? (quotient - 1, rest + by) : (quotient, rest)
  }

  /// The proleptic Gregorian date of a day counted from 1970-01-01 (Howard Hinnant,
  /// "chrono-Compatible Low-Level Date Algorithms"): eras of 400 years, years from March.
  private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  /// The inverse of ``civil(fromDays:)``.
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let (era, yearOfEra) = floorDivide(month <= 2 ? year - 1 : year, 400)
    let shifted = month > 2 ? month - 3 : month + 9
    let dayOfYear = (153 * shifted + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private struct Reader {
    var rest: ArraySlice<UInt8>

    mutating func instant() -> Int64? {
      guard let year = number(4), take("-"), let month = number(2), take("-"),
        let day = number(2), take("T") || take("t") || take(" "), let hour = number(2), take(":"),
        let minute = number(2), take(":"), let second = number(2),
        1...12 ~= month, 1...31 ~= day, hour < 24, minute < 60, second <= 60,
        let fraction = fraction(), let offset = offset(), rest.isEmpty
      else { return nil }
      let days = UploadTime.days(year: year, month: month, day: day)
      guard UploadTime.civil(fromDays: days) == (year, month, day) else { return nil }
      let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
      return seconds * 1_000_000 + fraction
    }

    private mutating func number(_ width: Int) -> Int64? {
      let digits = rest.prefix(width)
      guard digits.count == width, digits.allSatisfy(\.isDigit) else { return nil }
      rest = rest.dropFirst(width)
      return digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    private mutating func fraction() -> Int64? {
      guard take(".") else { return 0 }
      let digits = rest.prefix(while: \.isDigit)
      guard 1...9 ~= digits.count else { return nil }
      rest = rest.dropFirst(digits.count)
      let padded = Array(digits) + [UInt8](repeating: UInt8(ascii: "0"), count: 6)
      return padded.prefix(6).reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    /// Seconds east of UTC; no zone at all is read as UTC, which is what the PEP prescribes.
    private mutating func offset() -> Int64? {
      if rest.isEmpty || take("Z") || take("z") { return 0 }
      let sign: Int64
      if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
      guard let hours = number(2), hours < 24 else { return nil }
      _ = take(":")
      guard let minutes = number(2), minutes < 60 else { return nil }
      return sign * (hours * 3600 + minutes * 60)
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard rest.first == UInt8(ascii: character) else { return false }
      rest.removeFirst()
      return true
    }
  }
}

extension UploadTime: Comparable {
  package static func < (left: UploadTime, right: UploadTime) -> Bool {
    left.microseconds < right.microseconds
  }
}
