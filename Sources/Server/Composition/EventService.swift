import Catalog
import Disk
import Events
import Foundation
import Logging
import Repository
import ServiceLifecycle
import Upstream

/// Delivers events about package versions to where the settings say, until the server stops.
struct EventService: Service {
  private let pumps: [EventPump]
  private let client: WebhookClient?

  /// Nil where events go nowhere.
  ///
  /// Destinations are made known to the catalog before the first request is served, so that they
  /// miss nothing.
  ///
  /// - Throws: when the secret cannot be read, or the catalog not be written.
  init?(
    _ settings: EventSettings,
    catalog: Catalog,
    region: String,
    logger: Logger
  ) async throws {
    let clock = SystemClock()
    var destinations: [any EventDestination] = []
    var client: WebhookClient?
    if let address = settings.webhook {
      let roots = TrustStore.roots(ProcessInfo.processInfo.environment)
      let made = WebhookClient(address: address, roots: roots)
      destinations.append(
        Webhook(
          secret: try settings.secretFile.map(Self.secret),
          clock: clock,
          logger: logger
        ) { try await made.send($0) }
      )
      client = made
    }
    if let file = settings.file {
      let limit = settings.fileByteLimit
      destinations.append(EventFile(path: file, byteLimit: limit, clock: clock, logger: logger))
    }
    guard !destinations.isEmpty else { return nil }
    self.client = client
    self.pumps = destinations.map {
      EventPump(catalog: catalog, destination: $0, region: region, clock: clock, logger: logger)
    }
    for pump in pumps { try await pump.register() }
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await withTaskGroup(of: Void.self) { group in
        for pump in pumps { group.addTask { await pump.run() } }
      }
    }
  }

  /// Closes the connections, once nothing is delivered any more.
  func shutdown() async {
    try? await client?.shutdown()
  }

  /// The file's bytes without the line end that editors leave.
  private static func secret(at path: String) throws -> [UInt8] {
    guard var bytes = try PrivateFile.read(path) else {
      throw SettingsError("events-secret", path, expected: "the path of a file that is there")
    }
    while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
      bytes.removeLast()
    }
    guard !bytes.isEmpty else {
      throw SettingsError("events-secret", path, expected: "the path of a file with a secret in it")
    }
    return bytes
  }
}
