package import Bytes
package import Catalog

/// How the content side behaves: how long things are good for, how long is waited, how much is
/// held.
package struct ContentOptions: Sendable {
  /// Whether nothing external is asked, whatever a repository's own settings say.
  package var isOffline = false
  /// How long an external document is used before it is asked for again, where the repository that
  /// has the connection does not say; nil leaves it to the format.
  package var externalFreshness: Duration?
  /// How long what a registry does not know is taken for absent.
  package var negativeFreshness: Duration = .seconds(60)
  /// How long a request waits for a revalidation when an older copy could be served.
  package var revalidationPatience: Duration = .seconds(2)
  /// After a failed revalidation, how long older copies are served without trying again.
  package var pauseAfterFailure: Duration = .seconds(10)
  /// The least time between two revalidations forced by requests for a file nobody has heard of.
  package var exactMissPause: Duration = .seconds(10)
  /// The largest external index document, in bytes after decoding.
  ///
  /// The longest known today have some 40 MB.
  package var documentByteLimit = 128 << 20
  /// The largest metadata file that is kept beside a wheel, in bytes.
  package var metadataByteLimit = 8 << 20
  /// The largest asset, in bytes (CodeArtifact quotas, "Asset file size": 5 GB).
  package var assetByteLimit: UInt64 = 5 << 30
  /// How many of a growing file's latest bytes stay in memory for the clients that keep up.
  package var windowByteCount = 4 << 20
  /// How many files may be asked for at once before it is known what they should hash to.
  ///
  /// Fewer than an origin may be sent requests, or what they wait for could not be asked.
  package var headStartLimit = 32
  /// How many steps along dependencies registries are asked ahead of clients; 0 leaves all of it
  /// to them.
  package var aheadDepth = 2
  /// How many packages may be asked for at once before a client does.
  ///
  /// Half of the requests that an origin may be sent, or clients would wait behind guesses.
  package var aheadLimit = 32
  /// How long rows of what came in from outside wait for others, to be written together; zero for
  /// no wait at all.
  package var gatherPeriod: Duration = .zero
  /// How often a broken transfer is taken up again before it is given up.
  package var transferAttempts = 5
  /// How many files' places are remembered for the hit path.
  package var routeCapacity = 200_000
  /// Which program writes documents: those of another one are not served from the store.
  ///
  /// Nil keeps none there.
  package var documentEdition: String?
  /// How many files the project pages in memory may list in all.
  package var pageFileCapacity = 400_000

  /// Whether the catalog has room for what would be published; where it has none, uploads are
  /// refused.
  package var hasRoomForRows: @Sendable () -> Bool = { true }

  /// Hears of each blob that was damaged or gone, and whether it could be had anew.
  package var noteRestoration: @Sendable (SHA256Digest, Bool) -> Void = { _, _ in }

  package init() {}

  /// How long a document of a registry is used before it is asked for again, where the repository
  /// that has the connection does not say: as long as the service keeps it (CodeArtifact user
  /// guide, "External connection latency"), three hours for Maven and half an hour for all others.
  package func freshness(of connection: ExternalConnection) -> Duration {
    externalFreshness ?? .seconds(connection.format == .maven ? 10_800 : 1_800)
  }
}
