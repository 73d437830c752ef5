import Configuration
import Server
import SystemPackage

/// Flags over environment over file over defaults.
struct SettingsReader {
  private let reader: ConfigReader

  /// - Throws: when a file was named and cannot be read as JSON.
  init(file: String?) async throws {
    let environment = EnvironmentVariablesProvider()
    let named = file ?? ConfigReader(provider: environment).string(forKey: "larder.config")
    var providers: [any ConfigProvider] = [environment]
    if let named {
      providers.append(try await FileProvider<JSONSnapshot>(filePath: FilePath(named)))
    }
    self.reader = ConfigReader(providers: providers)
  }

  /// - Throws: ``SettingsError`` that names the setting and what it should have been.
  func settings(overriddenBy flags: ServerFlags) throws -> ServerSettings {
    let larder = reader.scoped(to: "larder")
    var set = ServerFlags()
    set.data = flags.data ?? larder.string(forKey: "data")
    set.listen = flags.listen ?? larder.string(forKey: "listen")
    set.external =
      (larder.stringArray(forKey: "external") ?? []) + flags.external
    set.io = flags.io ?? larder.string(forKey: "io")
    set.door = flags.door ?? larder.string(forKey: "door")
    set.publicURL = flags.publicURL ?? larder.string(forKey: "public-url")
    set.tlsCertificate = flags.tlsCertificate ?? larder.string(forKey: "tls-certificate")
    set.tlsKey = flags.tlsKey ?? larder.string(forKey: "tls-key")
    set.trustForwarded = flags.trustForwarded ?? larder.bool(forKey: "trust-forwarded")
    set.region = flags.region ?? larder.string(forKey: "region")
    set.freshness = flags.freshness ?? larder.int(forKey: "freshness")
    set.offline = flags.offline ?? larder.bool(forKey: "offline")
    set.logLevel = flags.logLevel ?? larder.string(forKey: "log-level")
    set.logFormat = flags.logFormat ?? larder.string(forKey: "log-format")
    set.quotas = (larder.stringArray(forKey: "quota") ?? []) + flags.quotas
    set.throttles = (larder.stringArray(forKey: "throttle") ?? []) + flags.throttles
    set.audit = flags.audit ?? larder.string(forKey: "audit")
    set.auditKeepDays = flags.auditKeepDays ?? larder.int(forKey: "audit-keep-days")
    set.auditKeepSize = flags.auditKeepSize ?? larder.string(forKey: "audit-keep-size")
    set.eventsWebhook = flags.eventsWebhook ?? larder.string(forKey: "events-webhook")
    set.eventsSecret = flags.eventsSecret ?? larder.string(forKey: "events-secret")
    set.masterKeys =
      flags.masterKeys.isEmpty
      ? larder.stringArray(forKey: "master-key") ?? [] : flags.masterKeys
    set.eventsFile = flags.eventsFile ?? larder.string(forKey: "events-file")
    set.eventsFileSize = flags.eventsFileSize ?? larder.string(forKey: "events-file-size")
    set.scrubPeriod = flags.scrubPeriod ?? larder.string(forKey: "scrub-period")
    set.sweepInterval = flags.sweepInterval ?? larder.string(forKey: "sweep-interval")
    set.deletionDelay = flags.deletionDelay ?? larder.string(forKey: "deletion-delay")
    set.uploadGrace = flags.uploadGrace ?? larder.string(forKey: "upload-grace")
    set.strictRetention = flags.strictRetention ?? larder.bool(forKey: "strict-retention")
    set.shareMembers = flags.shareMembers ?? larder.bool(forKey: "share-members")
    set.lookAhead = flags.lookAhead ?? larder.string(forKey: "look-ahead")
    set.recompress = flags.recompress ?? larder.string(forKey: "recompress")
    return try ServerSettings(set)
  }
}
