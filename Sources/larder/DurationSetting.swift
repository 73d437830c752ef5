import ArgumentParser
import Server

/// A duration as people write it, `60s`, `90m`, `12h`, `7d`, `2w`; or a word that takes the setting
/// back, `default` or `off`.
struct DurationSetting: ExpressibleByArgument, Hashable {
  /// In whole seconds; nil takes the setting back.
  let seconds: Int64?

  init?(argument: String) {
    if ["default", "off"].contains(argument) {
      seconds = nil
      return
    }
    guard let written = WrittenDuration(argument) else { return nil }
    seconds = written.seconds
  }

  /// Writes seconds in the greatest unit that leaves no rest.
  static func text(of seconds: Double) -> String {
    guard let whole = Int64(exactly: seconds) else { return "\(seconds)s" }
    let fitting = WrittenDuration.units.filter {
      whole % $0.value == 0 && $0.value <= max(whole, 1)
    }
    guard let unit = fitting.max(by: { $0.value < $1.value }) else { return "\(whole)s" }
    return "\(whole / unit.value)\(unit.key)"
  }
}
