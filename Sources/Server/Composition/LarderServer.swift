import Access
import Audit
import BlobEngine
import Catalog
import CodeArtifactAPI
import Disk
import Exchange
import Formats
import Foundation
import Logging
import Repository
import ServiceLifecycle
import TokenService
import UnixSignals
import Upstream

/// The one place where everything is wired together.
package struct LarderServer: Sendable {
  private let settings: ServerSettings
  private let logger: Logger

  package init(settings: ServerSettings) {
    self.settings = settings
    var logger = Logger(label: "larder") { label in
      settings.logsJSON
        ? JSONLogHandler(label: label) as any LogHandler
        : StreamLogHandler.standardError(label: label)
    }
    logger.logLevel = settings.logLevel
    self.logger = logger
  }

  /// Serves until SIGTERM or SIGINT, lets running requests finish, and closes the store.
  ///
  /// - Throws: what keeps the server from starting, in words for the operator.
  package func run() async throws {
    let tls = try settings.tls.map { try DoorTLS(certificate: $0.certificate, key: $0.key) }
    let data = try DataDirectory(path: settings.data)
    let addresses = try await externalAddresses()
    let store = try await openStore(data)
    let external = HTTPExternalSource(
      addresses: addresses,
      clock: SystemClock(),
      environment: ProcessInfo.processInfo.environment,
      logger: logger
    )
    let issuers = SmallDocuments(environment: ProcessInfo.processInfo.environment)
    let outcome = await Result(catching: { try await serve(data, store, external, issuers, tls) })
    await external.shutdown()
    await issuers.shutdown()
    await store.close()
    try outcome.get()
  }

  private func serve(
    _ data: DataDirectory,
    _ store: BlobStore,
    _ external: HTTPExternalSource,
    _ issuers: SmallDocuments,
    _ tls: DoorTLS?
  ) async throws {
    let key = try data.masterKey()
    let reserves = try Reserves(in: data, hasTrail: settings.audit != nil, logger: logger)
    let catalog = try Catalog.open(at: data.catalog) { reserves.catalog.release() }
    let ring = try await MasterKeyRing(settings.masterKeys, in: data, catalog)
    let outcome = await Result(catching: {
      try await serve(data, store, external, issuers, tls, catalog, reserves, key, ring.keys)
    })
    await ring.shutdown()
    try outcome.get()
  }

  private func serve(
    _ data: DataDirectory,
    _ store: BlobStore,
    _ external: HTTPExternalSource,
    _ issuers: SmallDocuments,
    _ tls: DoorTLS?,
    _ catalog: Catalog,
    _ reserves: Reserves,
    _ key: [UInt8],
    _ masterKeys: MasterKeys
  ) async throws {
    let depot = try Depot(
      catalog: catalog,
      blobs: store,
      external: external,
      clock: SystemClock(),
      masterKey: key,
      masterKeys: masterKeys,
      options: DepotOptions(
        region: settings.region,
        quotas: settings.limits.quotas,
        throttle: settings.limits.throttle
      ),
      contentOptions: contentOptions(reserves),
      formats: Formats.registries
    )
    let first = try await depot.bootstrap()
    Task { await clearDeleted(in: depot) }
    let audit = try settings.audit.map { try openAudit(data, $0, reserves.audit) }
    let events = try await EventService(
      settings.events,
      catalog: catalog,
      region: settings.region,
      logger: logger
    )
    let door = door(depot, store, issuers, tls, audit)
    let service = try door.service(host: settings.host, port: settings.port) {
      await announce($0, first, data)
    }
    let beside: [(any Service)?] = [
      events, sweepService(catalog, store, reserves), scrubService(depot, store, data),
    ]
    let outcome = await Result(catching: { try await group(service, tls, beside).run() })
    await depot.settleDocuments()
    await events?.shutdown()
    await audit?.close()
    try outcome.get()
  }

  private func openAudit(
    _ data: DataDirectory,
    _ options: AuditOptions,
    _ reserve: SpaceReserve?
  ) throws -> AuditLog {
    try AuditLog(
      folder: data.audit,
      region: settings.region,
      options: options,
      reserve: reserve
    ) { [logger] in logger.error("\($0)") }
  }

  /// Goes on with the clearing of deleted repositories that a stop or a crash cut short.
  private func clearDeleted(in depot: Depot) async {
    do { try await depot.clearDeleted() } catch {
      logger.warning("clearing deleted repositories: \(error.logged ?? error.message)")
    }
  }

  private func sweepService(
    _ catalog: Catalog,
    _ store: BlobStore,
    _ reserves: Reserves
  ) -> SweepService {
    let clock = SystemClock()
    return SweepService(
      sweep: BlobSweep(
        catalog: catalog,
        blobs: store,
        clock: clock,
        rules: settings.sweep.rules
      ),
      store: store,
      reserves: reserves,
      settings: settings.sweep,
      clock: clock,
      logger: logger
    )
  }

  private func scrubService(
    _ depot: Depot,
    _ store: BlobStore,
    _ data: DataDirectory
  ) -> ScrubService? {
    settings.scrub.period.map { period in
      ScrubService(
        scrub: BlobScrub(depot: depot, blobs: store),
        store: store,
        position: data.scrubPosition,
        period: period,
        clock: SystemClock(),
        logger: logger
      )
    }
  }

  /// Tells this program from every other that may have written documents; nil where that cannot be
  /// told.
  private static var edition: String? {
    let path = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
      let date = attributes[.modificationDate] as? Date, let size = attributes[.size] as? Int
    else { return nil }
    return "\(size)-\(Int(date.timeIntervalSince1970 * 1_000))"
  }

  private func contentOptions(_ reserves: Reserves) -> ContentOptions {
    var options = ContentOptions()
    options.hasRoomForRows = { reserves.areThere }
    options.noteRestoration = { [logger] key, isThere in
      let end = isThere ? "was fetched once more from where it came" : "cannot be had anew"
      logger.error("blob \(key) is damaged or gone, and \(end)")
    }
    options.externalFreshness = settings.freshness
    options.documentEdition = Self.edition
    options.isOffline = settings.isOffline
    if !settings.looksAhead { options.aheadDepth = 0 }
    options.gatherPeriod = .milliseconds(500)
    if let limit = settings.limits.assetByteLimit { options.assetByteLimit = limit }
    return options
  }

  private func openStore(_ data: DataDirectory) async throws -> BlobStore {
    var options = StoreOptions()
    // What was just stored is seldom asked for again at once; the page cache serves what is.
    options.recentByteLimit = 8 << 20
    options.makesIndexAhead = true
    options.graceMilliseconds = UInt64(settings.sweep.grace.components.seconds) * 1_000
    options.inputOutput = StoreOptions.InputOutput(rawValue: settings.io) ?? .automatic
    settings.store.apply(to: &options)
    return try await BlobStore.open(at: data.store, options: options, logger: logger)
  }

  private func externalAddresses() async throws -> ExternalAddresses {
    let addresses = try await ExternalAddresses.discover(
      overrides: settings.external.map { "\($0.key)=\($0.value)" },
      environment: ProcessInfo.processInfo.environment
    )
    for address in addresses.found {
      let line = "\(address.connection) is \(address.address) (\(address.source))"
      if address.isBuiltIn { logger.debug("\(line)") } else { Console.say("larder: \(line)") }
    }
    for complaint in addresses.complaints { logger.warning("\(complaint)") }
    return addresses
  }

  private func door(
    _ depot: Depot,
    _ store: BlobStore,
    _ issuers: SmallDocuments,
    _ tls: DoorTLS?,
    _ audit: AuditLog?
  ) -> PortableDoor {
    let formats = Formats(depot: depot)
    var parts: [String: any Responder] = Dictionary(
      uniqueKeysWithValues: PackageFormat.allCases.map { ($0.rawValue, formats) }
    )
    parts["v1"] = CodeArtifactAPI(depot: depot, clock: SystemClock())
    // The service of temporary credentials is called at the root, as AWS's is.
    parts[""] = TokenService(depot: depot, documents: issuers)
    parts["health"] = HealthResponder { await complaint(depot, store) }
    return PortableDoor(
      responder: FrontResponder(parts: parts),
      blobs: StoreBlobs(depot: depot),
      limits: DoorLimits(),
      bases: BaseAddresses(
        configured: settings.publicURL,
        scheme: scheme,
        trustsForwarded: settings.trustsForwarded,
        fallback: "\(settings.host):\(settings.port)"
      ),
      tls: tls,
      audit: audit,
      logger: logger
    )
  }

  private var scheme: String { settings.tls == nil ? "http" : "https" }

  /// Asks the store for room and the catalog for a row, without changing either.
  private func complaint(_ depot: Depot, _ store: BlobStore) async -> String? {
    do {
      try await store.makeWriter(durability: .relaxed).cancel()
      _ = try await depot.catalog.withSnapshot { try $0.firstAdministrator() }
      return nil
    } catch {
      return "\(error)"
    }
  }

  private func group(
    _ service: any Service,
    _ tls: DoorTLS?,
    _ others: [(any Service)?]
  ) -> ServiceGroup {
    let reload = tls.map { CertificateReload(tls: $0, logger: logger) }
    let beside = ([reload] + others).compactMap(\.self)
    var configuration = ServiceGroupConfiguration(
      services: [.init(service: service)]
        + beside.map { .init(service: $0, successTerminationBehavior: .ignore) },
      gracefulShutdownSignals: [.sigterm, .sigint],
      logger: quiet
    )
    configuration.maximumGracefulShutdownDuration = DoorLimits().drain
    return ServiceGroup(configuration: configuration)
  }

  /// The library tells of its own life at `info`; we tell of ours.
  private var quiet: Logger {
    var logger = logger
    logger.logLevel = max(logger.logLevel, .notice)
    return logger
  }

  /// Says that we are ready, for people and for scripts that wait for the line.
  private func announce(_ port: Int, _ first: FirstCredentials, _ data: DataDirectory) async {
    let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
    let endpoint = "\(scheme)://\(host):\(port)"
    do {
      try data.credentials.write(credentials(first, endpoint: settings.publicURL ?? endpoint))
    } catch {
      logger.error("credentials.json could not be written: \(error)")
    }
    if first.areNew { Console.say(Welcome(data: data.path).text) }
    Console.say("larder: listening on \(endpoint)")
  }

  private func credentials(_ first: FirstCredentials, endpoint: String) -> Credentials {
    Credentials(
      account: first.identity.principal.account,
      accessKeyID: first.identity.key.id,
      secretAccessKey: first.identity.key.secret,
      region: settings.region,
      endpoint: endpoint
    )
  }
}

extension Result where Failure == any Error {
  /// Catches what an asynchronous body throws, so that cleaning up comes before passing it on.
  fileprivate init(catching body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}
