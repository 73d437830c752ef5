import ArgumentParser
import Server

/// `larder serve`: runs the server until it is told to stop.
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the server.",
    discussion: """
      Every option can also be set in the environment (--public-url as LARDER_PUBLIC_URL) or in \
      a JSON file named by --config or LARDER_CONFIG ({"larder": {"public-url": "…"}}). Flags win \
      over the environment, and the environment over the file. SIGTERM lets running requests \
      finish and exits with 0.
      """
  )

  @Option(help: "Where everything is kept (default: ./larder-data).")
  var data: String?

  @Option(help: "Where to listen, as HOST:PORT; port 0 takes a free one (default: 127.0.0.1:8470).")
  var listen: String?

  @Option(
    help: ArgumentHelp(
      "Where an external connection points, as NAME=URL; may be repeated.",
      valueName: "public:npmjs=URL"
    )
  )
  var external: [String] = []

  @Option(help: "How to reach the disk: auto, ring (io_uring) or threads (default: auto).")
  var io: String?

  @Option(help: "How to serve: auto or portable (default: auto).")
  var door: String?

  @Option(help: "The address that clients use, when a proxy in front changes it.")
  var publicUrl: String?

  @Option(help: "Serve TLS with this certificate chain, a PEM file; SIGHUP reads it again.")
  var tlsCertificate: String?

  @Option(help: "The private key of the certificate, a PEM file.")
  var tlsKey: String?

  @Flag(help: "Believe X-Forwarded-Proto, -Host and -Prefix: a proxy in front sets them.")
  var trustForwarded = false

  @Option(help: "The region that addresses and signatures name (default: us-east-1).")
  var region: String?

  @Option(help: "Seconds before an external index is asked again (default: 1800).")
  var freshness: Int?

  @Flag(help: "Ask no public registry for anything: what is kept is all there is.")
  var offline = false

  @Option(help: "Whether dependencies are asked for before a client does: on or off (default: on).")
  var lookAhead: String?

  @Option(help: "trace, debug, info, notice, warning or error (default: info).")
  var logLevel: String?

  @Option(help: "text or json, a line each on standard error (default: text).")
  var logFormat: String?

  @Option(
    help: ArgumentHelp(
      "A bound on how many there may be, such as asset-size=5GB; may be repeated.",
      valueName: "NAME=VALUE"
    )
  )
  var quota: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      A bound on calls a second: reads, writes, token, address or an operation's name; or the word \
      service for the rates of AWS. May be repeated (default: none).
      """,
      valueName: "NAME=RATE[:BURST]"
    )
  )
  var throttle: [String] = []

  @Option(help: "Whether every call is put on record below the data: on or off (default: on).")
  var audit: String?

  @Option(help: "How many days of the audit trail are kept; 0 keeps all (default: 90).")
  var auditKeepDays: Int?

  @Option(help: "How much of the audit trail is kept; 0 keeps all (default: 10GB).")
  var auditKeepSize: String?

  @Option(
    help: ArgumentHelp(
      """
      Where the master key is that wraps the keys of domains: FILE, env:NAME or \
      aws-kms:ARN@ADDRESS. May be repeated: the first wraps new keys, but for domains whose \
      encryption key is one of the others (default: domains.key below the data).
      """,
      valueName: "PLACE"
    )
  )
  var masterKey: [String] = []

  @Option(help: "An address that events about package versions are posted to.")
  var eventsWebhook: String?

  @Option(help: "A file with the secret that those posts are signed with.")
  var eventsSecret: String?

  @Option(help: "A file that events about package versions are appended to, a line each.")
  var eventsFile: String?

  @Option(help: "How long that file grows; nine older ones stay, 0 keeps one (default: 64MB).")
  var eventsFileSize: String?

  @Option(help: "How often every stored byte is verified, or off (default: 14d).")
  var scrubPeriod: String?

  @Option(help: "How often bytes are looked for that nothing refers to, or off (default: 6h).")
  var sweepInterval: String?

  @Option(
    help: ArgumentHelp(
      "How long the bytes of what was deleted are kept; longer than between backups (default: 7d).",
      valueName: "DURATION"
    )
  )
  var deletionDelay: String?

  @Option(help: "How long an upload may take until it is published (default: 24h).")
  var uploadGrace: String?

  @Flag(help: "Keep the bytes of what was deleted for that long in a full store, too.")
  var strictRetention = false

  @Flag(help: "Let releases of an archive share members: less room, and slower reads of them.")
  var shareMembers = false

  @Option(
    help: "Whether cold bytes are compressed harder when they are moved: on or off (default: on)."
  )
  var recompress: String?

  @Option(help: "A JSON file with any of these settings.")
  var config: String?

  func run() async throws {
    let settings = try await SettingsReader(file: config).settings(overriddenBy: flags)
    try await LarderServer(settings: settings).run()
  }

  private var flags: ServerFlags {
    var flags = ServerFlags()
    flags.data = data
    flags.listen = listen
    flags.external = external
    flags.io = io
    flags.door = door
    flags.publicURL = publicUrl
    flags.tlsCertificate = tlsCertificate
    flags.tlsKey = tlsKey
    flags.trustForwarded = trustForwarded ? true : nil
    flags.region = region
    flags.freshness = freshness
    flags.offline = offline ? true : nil
    flags.logLevel = logLevel
    flags.logFormat = logFormat
    flags.quotas = quota
    flags.throttles = throttle
    flags.audit = audit
    flags.auditKeepDays = auditKeepDays
    flags.auditKeepSize = auditKeepSize
    flags.eventsWebhook = eventsWebhook
    flags.eventsSecret = eventsSecret
    flags.eventsFile = eventsFile
    flags.eventsFileSize = eventsFileSize
    flags.masterKeys = masterKey
    flags.sweepInterval = sweepInterval
    flags.scrubPeriod = scrubPeriod
    flags.deletionDelay = deletionDelay
    flags.uploadGrace = uploadGrace
    flags.shareMembers = shareMembers ? true : nil
    flags.recompress = recompress
    flags.lookAhead = lookAhead
    flags.strictRetention = strictRetention ? true : nil
    return flags
  }
}
