/// What a door lets a client take before it stops being polite.
package struct DoorLimits: Sendable {
  /// The largest request head in bytes; npm and pip stay under 8 KiB, a SigV4 head under 4.
  package var headByteCount = 64 * 1024
  /// The most header fields in one request.
  package var headerCount = 200
  /// How long a kept-alive connection may say nothing between requests.
  package var idle: Duration = .seconds(75)
  /// How long a body may stand still, coming or going, before the connection is cut.
  package var stall: Duration = .seconds(60)
  /// How many connections are served at once; more wait in the kernel's queue.
  package var connections = 10_000
  /// How long running requests may go on once the server was told to stop.
  package var drain: Duration = .seconds(30)

  package init() {}
}
