/// The audit requests of npm's clients, and replies that know of no advisory.
package enum NpmAudit {
  /// How long a request may be, unpacked, in bytes.
  package static let longestRequest = 64 << 20

  /// Unpacks a request's body when it is compressed: npm and bun send gzip, sometimes without
  /// saying so in a header that survives a proxy.
  package static func unpack(_ body: [UInt8]) throws(MalformedInput) -> [UInt8] {
    guard body.starts(with: [0x1F, 0x8B]) else { return body }
    var gzip = GzipReader()
    gzip.feed(body)
    var bytes: [UInt8] = []
    while true {
      let chunk = try gzip.produce(upTo: 64 << 10)
      if chunk.isEmpty { break }
      bytes += chunk
      guard bytes.count <= longestRequest else {
        throw MalformedInput("audit request", "it unpacks to more than \(longestRequest) bytes")
      }
    }
    guard gzip.isFinished else { throw MalformedInput("audit request", "it was cut") }
    return bytes
  }

  /// The reply to a bulk request when nothing is known (`/-/npm/v1/security/advisories/bulk`).
  package static let emptyBulk: [UInt8] = Array("{}".utf8)

  /// The reply to a request of the older kind (`…/audits`, `…/audits/quick`) when nothing is known:
  /// how many dependencies were looked at, and that none is vulnerable.
  package static func emptyReport(of request: JSONValue) -> [UInt8] {
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
