import Audit

/// Where events about package versions go; nowhere by default.
package struct EventSettings: Sendable {
  package let webhook: String?
  /// The file with the secret that deliveries are signed with.
  package let secretFile: String?
  package let file: String?
  /// How long the file grows before the next one is begun, in bytes; 0: for ever.
  package let fileByteLimit: UInt64

  /// - Throws: ``SettingsError`` for the first that makes no sense.
  init(_ flags: ServerFlags) throws(SettingsError) {
    self.webhook = try ServerSettings.url("events-webhook", flags.eventsWebhook)
    self.secretFile = flags.eventsSecret
    self.file = flags.eventsFile
    let size = flags.eventsFileSize ?? "64MB"
    guard let limit = ByteCountSetting.parse(size) else {
      throw SettingsError(
        "events-file-size",
        size,
        expected: "a number of bytes such as 64MB, or 0 for one file that grows"
      )
    }
    self.fileByteLimit = limit
    if let secretFile, webhook == nil {
      throw SettingsError(
        "events-secret",
        secretFile,
        expected: "given together with --events-webhook"
      )
    }
  }
}

extension AuditOptions {
  /// - Throws: ``SettingsError`` for the first that makes no sense.
  init(_ flags: ServerFlags) throws(SettingsError) {
    self.init()
    if let days = flags.auditKeepDays {
      guard days >= 0 else {
        throw SettingsError(
          "audit-keep-days",
          String(days),
          expected: "a number of days, or 0 to keep all"
        )
      }
      keepDays = days
    }
    if let size = flags.auditKeepSize {
      guard let byteCount = ByteCountSetting.parse(size) else {
        throw SettingsError(
          "audit-keep-size",
          size,
          expected: "a number of bytes such as 10GB, or 0 to keep all"
        )
      }
      keepByteCount = byteCount
    }
  }
}
