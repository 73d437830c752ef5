import Audit
import BlobEngine
import Repository
import Server
import Testing

@Suite("Server settings")
struct ServerSettingsTests {
  private func settings(_ change: (inout ServerFlags) -> Void) throws -> ServerSettings {
    var flags = ServerFlags()
    change(&flags)
    return try ServerSettings(flags)
  }

  @Test func `with nothing said, the contract's defaults hold`() throws {
    let settings = try settings { _ in }
    #expect(settings.data == "./larder-data")
    #expect(settings.host == "127.0.0.1")
    #expect(settings.port == 8470)
    #expect(settings.external.isEmpty)
    #expect(settings.freshness == nil, "the formats' own")
    #expect(!settings.isOffline)
    #expect(try self.settings { $0.offline = true }.isOffline)
  }

  @Test func `quotas and rates are read by their names, the last of a name counts`() throws {
    let limits = try settings {
      $0.quotas = ["asset-size=2KB", "domains-per-account=3", "asset-size=1GB"]
      $0.throttles = ["service", "reads=5:9"]
    }.limits
    #expect(limits.assetByteLimit == 1 << 30)
    #expect(limits.quotas.domainsPerAccount == 3)
    #expect(limits.quotas.repositoriesPerDomain == 1000)
    #expect(limits.throttle.rates[.reads] == .init(perSecond: 5, burst: 9))
    #expect(limits.throttle.rates[.writes] == .init(perSecond: 100))
    #expect(try settings { _ in }.limits.throttle.rates.isEmpty)
  }

  @Test(arguments: ["asset-size", "asset-size=0", "asset-size=-1", "nothing=1", "asset-size=1XB"])
  func `a quota that makes no sense is refused`(text: String) {
    #expect(throws: SettingsError.self) { try settings { $0.quotas = [text] } }
  }

  @Test(arguments: ["reads", "reads=0", "reads=1:", "reads=1:0.5", "nothing=1", "reads=1:2:3"])
  func `a rate that makes no sense is refused`(text: String) {
    #expect(throws: SettingsError.self) { try settings { $0.throttles = [text] } }
  }

  @Test func `the audit is on unless it is turned off`() throws {
    #expect(try settings { _ in }.audit?.keepDays == 90)
    #expect(try settings { $0.audit = "off" }.audit == nil)
    #expect(try settings { $0.auditKeepSize = "2GB" }.audit?.keepByteCount == 2 << 30)
    #expect(throws: SettingsError.self) { try settings { $0.auditKeepDays = -1 } }
    #expect(throws: SettingsError.self) { try settings { $0.eventsSecret = "/secret" } }
    #expect(throws: SettingsError.self) { try settings { $0.eventsWebhook = "ftp://h/" } }
    #expect(try settings { _ in }.events.fileByteLimit == 64 << 20)
    #expect(try settings { $0.eventsFileSize = "0" }.events.fileByteLimit == 0)
    #expect(throws: SettingsError.self) { try settings { $0.eventsFileSize = "much" } }
  }

  @Test func `every byte is verified once in two weeks unless something else is said`() throws {
    #expect(try settings { _ in }.scrub.period == .seconds(14 * 86_400))
    #expect(try settings { $0.scrubPeriod = "off" }.scrub.period == nil)
    #expect(try settings { $0.scrubPeriod = "4w" }.scrub.period == .seconds(28 * 86_400))
    #expect(throws: SettingsError.self) { try settings { $0.scrubPeriod = "0s" } }
    #expect(throws: SettingsError.self) { try settings { $0.scrubPeriod = "never" } }
  }

  @Test func `sweeps keep what was deleted for a week unless something else is said`() throws {
    let sweep = try settings { _ in }.sweep
    #expect(sweep.interval == .seconds(6 * 3600) && sweep.grace == .seconds(86_400))
    #expect(sweep.rules == SweepRules(deletionDelay: .seconds(7 * 86_400), isStrict: false))
    #expect(try settings { $0.sweepInterval = "off" }.sweep.interval == nil)
    #expect(try settings { $0.deletionDelay = "0s" }.sweep.rules.deletionDelay == .zero)
    #expect(try settings { $0.strictRetention = true }.sweep.rules.isStrict)
    #expect(throws: SettingsError.self) { try settings { $0.sweepInterval = "0s" } }
    #expect(throws: SettingsError.self) { try settings { $0.uploadGrace = "0s" } }
    #expect(throws: SettingsError.self) { try settings { $0.deletionDelay = "long" } }
    #expect(throws: SettingsError.self) { try settings { $0.deletionDelay = "7" } }
  }

  @Test func `what is moved is compressed harder, and archives share when they are to`() throws {
    var options = StoreOptions()
    try settings { _ in }.store.apply(to: &options)
    #expect(options.recompresses && !options.sharesMembers)
    try settings {
      $0.recompress = "off"
      $0.shareMembers = true
    }.store.apply(to: &options)
    #expect(!options.recompresses && options.sharesMembers)
    #expect(throws: SettingsError.self) { try settings { $0.recompress = "sometimes" } }
  }

  @Test(arguments: ["[::1]:80", "::1:80"])
  func `an IPv6 address may stand in brackets`(text: String) throws {
    let settings = try settings { $0.listen = text }
    #expect(settings.host == "::1")
    #expect(settings.port == 80)
  }

  @Test func `an external connection keeps the equals signs of its address`() throws {
    let settings = try settings { $0.external = ["public:pypi=http://u:p@h/simple/?a=b"] }
    #expect(settings.external == ["public:pypi": "http://u:p@h/simple/?a=b"])
  }

  @Test func `what makes no sense is named, with what would`() {
    let mistakes: [(inout ServerFlags) -> Void] = [
      { $0.listen = "8470" }, { $0.listen = "h:99999" }, { $0.io = "floppy" },
      { $0.door = "trap" }, { $0.external = ["public:pypi"] }, { $0.external = ["x=ftp://h"] },
      { $0.publicURL = "pkg.example.com" }, { $0.freshness = -1 }, { $0.logLevel = "loud" },
      { $0.logFormat = "xml" }, { $0.tlsCertificate = "a.pem" }, { $0.tlsKey = "a.pem" },
    ]
    for mistake in mistakes {
      #expect(throws: SettingsError.self) { try settings(mistake) }
    }
  }

  @Test func `the message tells the flag, the value and the remedy`() throws {
    let error = try #require(throws: SettingsError.self) { try settings { $0.io = "floppy" } }
    #expect("\(error)" == #"--io is "floppy"; it should be auto, ring, threads"#)
  }

  @Test func `shell exports survive any character`() {
    let credentials = Credentials(
      account: "000000000000",
      accessKeyID: "AKIA",
      secretAccessKey: "it's $HOME",
      region: "us-east-1",
      endpoint: "http://127.0.0.1:1"
    )
    let text = ShellExports(credentials: credentials).text
    #expect(text.contains(#"export AWS_SECRET_ACCESS_KEY='it'\''s $HOME'"#))
    #expect(text.contains("export AWS_ENDPOINT_URL_CODEARTIFACT='http://127.0.0.1:1'\n"))
  }
}
