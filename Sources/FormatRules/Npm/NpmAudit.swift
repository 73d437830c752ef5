/// The audit requests of npm's clients, and replies that know of no advisory.
package enum NpmAudit {
  /// How long a request may be, compressed or unpacked, in bytes: a lock file of 20,000 packages
  /// makes about 2 MB.
  package static let longestRequest = 8 << 20
  /// How many JSON values a request may have: such a lock file has some 100,000.
  private static let mostValues = 500_000
  private static let chunkByteCount = 64 << 10

  /// Unpacks a request's body when it is compressed: npm and bun send gzip, sometimes without
  /// saying so in a header that survives a proxy.
  ///
  /// - Throws: ``MalformedInput`` for damaged data, and for what becomes longer than
  ///   ``longestRequest``.
  package static func unpack(_ body: [UInt8]) throws(MalformedInput) -> [UInt8] {
    guard body.starts(with: [0x1F, 0x8B]) else { return body }
    var gzip = GzipReader()
    var limit = InflationLimit(of: "audit request", atMost: UInt64(longestRequest))
    var (rest, bytes): (ArraySlice<UInt8>, [UInt8]) = (body[...], [])
    while !rest.isEmpty {
      let piece = Array(rest.prefix(chunkByteCount))
      rest = rest.dropFirst(piece.count)
      gzip.feed(piece)
      limit.take(compressed: piece.count)
      try drain(&gzip, into: &bytes, &limit)
    }
    guard gzip.isFinished else { throw MalformedInput("audit request", "it was cut") }
    return bytes
  }

  private static func drain(
    _ gzip: inout GzipReader,
    into bytes: inout [UInt8],
    _ limit: inout InflationLimit
  ) throws(MalformedInput) {
    while true {
      let chunk = try gzip.produce(upTo: chunkByteCount)
      guard !chunk.isEmpty else { return }
      try limit.take(inflated: chunk.count)
      bytes += chunk
    }
  }

  /// The reply to a bulk request when nothing is known (`/-/npm/v1/security/advisories/bulk`).
  package static let emptyBulk: [UInt8] = Array("{}".utf8)

  /// The reply to a request of the older kind (`…/audits`, `…/audits/quick`) when nothing is known:
  /// how many dependencies were looked at, and that none is vulnerable.
  ///
  /// The request is taken as it came, compressed or not.
  /// - Throws: ``MalformedInput`` for what is no JSON, is cut, or is larger than a request may be.
  package static func emptyReport(of body: [UInt8]) throws(MalformedInput) -> [UInt8] {
    let request = try JSONReader.read(try unpack(body), mostValues: mostValues)
    let count = JSONValue.number(String(dependencyCount(request)))
    let none = JSONValue.number("0")
    let severities = ["info", "low", "moderate", "high", "critical"]
    let metadata = JSONValue.object([
      .init("vulnerabilities", .object(severities.map { .init($0, none) })),
      .init("dependencies", count), .init("devDependencies", none),
      .init("optionalDependencies", none), .init("totalDependencies", count),
    ])
    let report = JSONValue.object([
      .init("actions", .array([])), .init("advisories", .object([])), .init("muted", .array([])),
      .init("metadata", metadata),
    ])
    return Array(report.json.utf8)
  }

  private static func dependencyCount(_ node: JSONValue) -> Int {
    (node["dependencies"]?.members ?? []).reduce(0) { $0 + 1 + dependencyCount($1.value) }
  }
}
