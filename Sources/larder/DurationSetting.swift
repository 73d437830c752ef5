import ArgumentParser

/// A duration as people write it, `60s`, `90m`, `12h`, `7d`, `2w`; or a word that takes the setting
/// back, `default` or `off`.
struct DurationSetting: ExpressibleByArgument, Hashable {
  /// In whole seconds; nil takes the setting back.
  let seconds: Int64?

  private static let units: [Character: Int64] = [
    "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400,
  ]

  init?(argument: String) {
    if ["default", "off"].contains(argument) {
      seconds = nil
      return
    }
    guard let unit = argument.last.flatMap({ Self.units[$0] }),
      let number = Int64(argument.dropLast()), number >= 0, !argument.hasPrefix("+")
    else { return nil }
    let (seconds, isTooMuch) = number.multipliedReportingOverflow(by: unit)
    guard !isTooMuch else { return nil }
    self.seconds = seconds
  }

  /// Writes seconds in the greatest unit that leaves no rest.
  static func text(of seconds: Double) -> String {
    guard let whole = Int64(exactly: seconds) else { return "\(seconds)s" }
    let fitting = units.filter { whole % $0.value == 0 && $0.value <= max(whole, 1) }
    guard let unit = fitting.max(by: { $0.value < $1.value }) else { return "\(whole)s" }
    return "\(whole / unit.value)\(unit.key)"
  }
}
