/// How often every stored byte is verified.
package struct ScrubSettings: Sendable {
  /// How long after the beginning of a pass the next one begins; nil: never by itself.
  package let period: Duration?

  /// - Throws: ``SettingsError`` for what makes no sense.
  init(_ flags: ServerFlags) throws(SettingsError) {
    let period = flags.scrubPeriod ?? "14d"
    self.period =
      period == "off" ? nil : try WrittenDuration.setting("scrub-period", period, atLeast: 1)
  }
}
