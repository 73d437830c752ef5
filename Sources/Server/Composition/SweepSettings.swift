package import Repository

/// When the bytes of what was deleted are given back.
package struct SweepSettings: Sendable {
  /// How long after the end of a sweep the next one begins; nil: never by itself.
  package let interval: Duration?
  /// How long a blob that was uploaded is safe before anything refers to it.
  package let grace: Duration
  package let rules: SweepRules

  /// - Throws: ``SettingsError`` for the first that makes no sense.
  init(_ flags: ServerFlags) throws(SettingsError) {
    let interval = flags.sweepInterval ?? "6h"
    self.interval =
      interval == "off" ? nil : try WrittenDuration.setting("sweep-interval", interval, atLeast: 1)
    self.grace = try WrittenDuration.setting("upload-grace", flags.uploadGrace ?? "24h", atLeast: 1)
    self.rules = SweepRules(
      deletionDelay: try WrittenDuration.setting(
        "deletion-delay",
        flags.deletionDelay ?? "7d",
        atLeast: 0
      ),
      isStrict: flags.strictRetention ?? false
    )
  }
}

/// A duration as people write it: `60s`, `90m`, `12h`, `7d`, `2w`.
package struct WrittenDuration: Hashable, Sendable {
  package let seconds: Int64

  /// Seconds by the letter of their unit.
  package static let units: [Character: Int64] = [
    "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400,
  ]

  package init(seconds: Int64) {
    self.seconds = seconds
  }

  /// Returns nil for anything else, and for what 64 bits of seconds cannot hold.
  package init?(_ text: String) {
    guard let unit = text.last.flatMap({ Self.units[$0] }), let number = Int64(text.dropLast()),
      number >= 0, !text.hasPrefix("+")
    else { return nil }
    let (seconds, isTooMuch) = number.multipliedReportingOverflow(by: unit)
    guard !isTooMuch else { return nil }
    self.seconds = seconds
  }
}

extension WrittenDuration {
  /// Reads a setting.
  ///
  /// - Throws: ``SettingsError`` for what is no duration or shorter than `least` seconds.
  static func setting(
    _ name: String,
    _ text: String,
    atLeast least: Int64
  ) throws(SettingsError) -> Duration {
    guard let written = WrittenDuration(text), written.seconds >= least else {
      throw SettingsError(
        name,
        text,
        expected: "a time such as 90s, 30m, 6h or 7d" + (least > 0 ? ", more than nothing" : "")
      )
    }
    return .seconds(written.seconds)
  }
}
