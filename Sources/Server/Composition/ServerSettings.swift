package import Audit
package import Logging

/// Settings as they were written, before anybody has looked at them; nil where nothing was said.
package struct ServerFlags: Sendable {
  package var data: String?
  package var listen: String?
  package var external: [String] = []
  package var io: String?
  package var door: String?
  package var publicURL: String?
  package var tlsCertificate: String?
  package var tlsKey: String?
  package var trustForwarded: Bool?
  package var region: String?
  package var freshness: Int?
  package var offline: Bool?
  package var logLevel: String?
  package var logFormat: String?
  package var quotas: [String] = []
  package var throttles: [String] = []
  package var audit: String?
  package var auditKeepDays: Int?
  package var auditKeepSize: String?
  package var eventsWebhook: String?
  package var eventsSecret: String?
  package var eventsFile: String?
  package var eventsFileSize: String?
  package var masterKeys: [String] = []
  package var sweepInterval: String?
  package var deletionDelay: String?
  package var uploadGrace: String?
  package var strictRetention: Bool?
  package var scrubPeriod: String?
  package var shareMembers: Bool?
  package var recompress: String?
  package var lookAhead: String?

  package init() {}
}

/// How the server runs: checked, complete, with the defaults of the command-line contract.
package struct ServerSettings: Sendable {
  package let data: String
  package let host: String
  package let port: Int
  /// Addresses by the name of an external connection, such as `public:pypi`.
  package let external: [String: String]
  package let io: String
  package let publicURL: String?
  /// The files of the certificate chain and of its key; nil serves clear text.
  package let tls: (certificate: String, key: String)?
  package let trustsForwarded: Bool
  package let region: String
  package let freshness: Duration?
  /// Whether no public registry is asked for anything.
  package let isOffline: Bool
  /// Whether registries are asked for dependencies before a client does.
  package let looksAhead: Bool
  package let logLevel: Logger.Level
  package let logsJSON: Bool
  package let limits: LimitSettings
  package let events: EventSettings
  /// Where the master keys are, in order; none: one that is made beside the data.
  package let masterKeys: [MasterKeySetting]
  package let sweep: SweepSettings
  package let scrub: ScrubSettings
  package let store: StoreSettings
  /// How the audit trail is kept; nil keeps none.
  package let audit: AuditOptions?

  /// Checks what was written.
  ///
  /// - Throws: ``SettingsError`` for the first setting that makes no sense.
  package init(_ flags: ServerFlags) throws(SettingsError) {
    self.data = flags.data ?? "./larder-data"
    (self.host, self.port) = try Self.address(flags.listen ?? "127.0.0.1:8470")
    self.external = try Self.addresses(flags.external)
    self.io = try Self.choice("io", flags.io, of: ["auto", "ring", "threads"])
    _ = try Self.choice("door", flags.door, of: ["auto", "portable"])
    self.publicURL = try Self.url("public-url", flags.publicURL)
    self.tls = try Self.pair(flags.tlsCertificate, flags.tlsKey)
    self.trustsForwarded = flags.trustForwarded ?? false
    self.region = flags.region ?? "us-east-1"
    self.freshness = try flags.freshness.map { count throws(SettingsError) in
      try Self.seconds("freshness", count)
    }
    self.isOffline = flags.offline ?? false
    let ahead = try Self.choice("look-ahead", flags.lookAhead, of: ["on", "off"])
    self.looksAhead = ahead == "on"
    self.logLevel = try Self.level(flags.logLevel ?? "info")
    let format = try Self.choice("log-format", flags.logFormat ?? "text", of: ["text", "json"])
    self.logsJSON = format == "json"
    self.limits = try LimitSettings(quotas: flags.quotas, throttles: flags.throttles)
    self.events = try EventSettings(flags)
    self.masterKeys = try flags.masterKeys.map { text throws(SettingsError) in
      try MasterKeySetting(text)
    }
    self.sweep = try SweepSettings(flags)
    self.scrub = try ScrubSettings(flags)
    self.store = try StoreSettings(flags)
    let auditing = try Self.choice("audit", flags.audit, of: ["on", "off"])
    self.audit = auditing == "on" ? try AuditOptions(flags) : nil
  }

  private static func address(_ text: String) throws(SettingsError) -> (String, Int) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65535).contains(port)
    else { throw SettingsError("listen", text, expected: "HOST:PORT, such as 127.0.0.1:8470") }
    let host = text[..<colon].filter { $0 != "[" && $0 != "]" }
    return (host.isEmpty ? "0.0.0.0" : host, port)
  }

  private static func addresses(_ texts: [String]) throws(SettingsError) -> [String: String] {
    var addresses: [String: String] = [:]
    for text in texts {
      let sides = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard sides.count == 2, try url("external", sides[1]) != nil else {
        throw SettingsError("external", text, expected: "NAME=URL, such as public:pypi=http://…")
      }
      addresses[sides[0]] = sides[1]
    }
    return addresses
  }

  static func url(_ name: String, _ text: String?) throws(SettingsError) -> String? {
    guard let text else { return nil }
    guard text.hasPrefix("http://") || text.hasPrefix("https://") else {
      throw SettingsError(name, text, expected: "an address that begins with http:// or https://")
    }
    return text
  }

  private static func pair(
    _ certificate: String?,
    _ key: String?
  ) throws(SettingsError) -> (certificate: String, key: String)? {
    switch (certificate, key) {
    case (nil, nil): nil
    case (let certificate?, let key?): (certificate, key)
    case (let certificate?, nil):
      throw SettingsError("tls-certificate", certificate, expected: "given together with --tls-key")
    case (nil, let key?):
      throw SettingsError("tls-key", key, expected: "given together with --tls-certificate")
    }
  }

  static func choice(
    _ name: String,
    _ text: String?,
    of choices: [String]
  ) throws(SettingsError) -> String {
    let text = text ?? choices[0]
    guard choices.contains(text) else {
      throw SettingsError(name, text, expected: choices.joined(separator: ", "))
    }
    return text
  }

  private static func seconds(_ name: String, _ count: Int) throws(SettingsError) -> Duration {
    guard count >= 0 else {
      throw SettingsError(name, String(count), expected: "a number of seconds, 0 or more")
    }
    return .seconds(count)
  }

  private static func level(_ text: String) throws(SettingsError) -> Logger.Level {
    guard let level = Logger.Level(rawValue: text) else {
      let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
      throw SettingsError("log-level", text, expected: names)
    }
    return level
  }
}

/// A setting that makes no sense, and what would.
package struct SettingsError: Error, Hashable, CustomStringConvertible {
  private let name: String
  private let value: String
  private let expected: String

  init(_ name: String, _ value: String, expected: String) {
    self.name = name
    self.value = value
    self.expected = expected
  }

  package var description: String {
    "--\(name) is \"\(value)\"; it should be \(expected)"
  }
}
