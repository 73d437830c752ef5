import ArgumentParser
import Audit
import FormatRules
import Foundation

/// `larder audit`: shows who did what, from the files of the trail.
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Show who did what: search the audit trail.",
    discussion: """
      Reads the files below DIR/audit, with a running server or without one. Times are RFC 3339 in \
      UTC (2026-01-31T12:00:00Z), a day (2026-01-31), or how long ago (90m, 12h, 7d). Gaps in the \
      trail are shown whatever is asked for. The files are JSON lines in CloudTrail's form; those \
      of the past are compressed, and zcat reads them.
      """
  )

  @Option(help: "The server's data directory.")
  var data = "./larder-data"

  @Option(help: "Only calls from this time on.")
  var since: AuditTimeSetting?

  @Option(help: "Only calls up to this time.")
  var until: AuditTimeSetting?

  @Option(help: "Only calls by callers whose name, account or access key id contains this.")
  var principal: String?

  @Option(help: "Only calls of this operation or permission, such as PublishPackageVersion.")
  var action: String?

  @Option(help: "Only calls about resources whose ARN contains this.")
  var resource: String?

  @Option(help: "Only calls about the repository of this name.")
  var repository: String?

  @Option(help: "Only calls about the package of this name.")
  var package: String?

  @Option(help: "Only calls that ended so: ok, denied or failed.")
  var outcome: AuditFilter.Outcome?

  @Option(help: "Only the call with this request id, as clients are told it.")
  var requestId: String?

  @Flag(help: "Print whole records, a JSON object a line.")
  var json = false

  @Flag(help: "Go on with what is added, until interrupted.")
  var follow = false

  /// How often a followed trail is looked at.
  private static let pause: Duration = .milliseconds(200)

  func run() async throws {
    let folder = AuditFolder(path: data + "/audit")
    guard FileManager.default.fileExists(atPath: folder.path) else {
      throw ValidationError(
        "there is no audit trail at \(folder.path): name the server's data directory with --data"
      )
    }
    let search = AuditSearch(folder: folder, filter: filter)
    if !json { Terminal.note(AuditTable.heading) }
    let started = ContinuousClock.now
    var page = Page()
    var position = try search.run { page.add($0, asJSON: json) }
    page.turn()
    complain(of: position.damagedLineCount)
    if !json { tell(position.byteCount, since: started) }
    while follow {
      try await Task.sleep(for: Self.pause)
      let damaged = position.damagedLineCount
      position = try search.follow(from: position) { page.add($0, asJSON: json) }
      page.turn()
      complain(of: position.damagedLineCount - damaged)
    }
  }

  private func tell(_ byteCount: UInt64, since started: ContinuousClock.Instant) {
    let seconds = max((ContinuousClock.now - started) / .seconds(1), 0.001)
    let rate = Terminal.size(UInt64(Double(byteCount) / seconds))
    let time = "\((seconds * 10).rounded() / 10) s"
    Terminal.note("larder: looked through \(Terminal.size(byteCount)) in \(time), \(rate) a second")
  }

  private func complain(of damagedLineCount: Int) {
    guard damagedLineCount > 0 else { return }
    let lines = damagedLineCount == 1 ? "1 line is" : "\(damagedLineCount) lines are"
    Terminal.note("larder: \(lines) damaged and no records; what they said is lost")
  }

  /// Lines on their way out: written many at a time, and all of them before anybody waits.
  private struct Page {
    private static let byteLimit = 64 << 10
    private var text = ""

    /// Takes a record; always true, for more to come.
    mutating func add(_ found: AuditSearch.Found, asJSON: Bool) -> Bool {
      text +=
        asJSON ? String(decoding: found.line, as: UTF8.self) : AuditTable.row(of: found.record)
      text += "\n"
      if text.utf8.count > Self.byteLimit { turn() }
      return true
    }

    mutating func turn() {
      Terminal.write(text, to: .standardOutput)
      text = ""
    }
  }

  private var filter: AuditFilter {
    var filter = AuditFilter()
    filter.since = since?.milliseconds
    filter.until = until?.milliseconds
    filter.principal = principal
    filter.action = action
    filter.resource = resource
    filter.repository = repository
    filter.package = package
    filter.outcome = outcome
    filter.requestID = requestId
    return filter
  }
}

extension AuditFilter.Outcome: ExpressibleByArgument {}

/// A moment as people write it.
struct AuditTimeSetting: ExpressibleByArgument {
  let milliseconds: UInt64

  init?(argument: String) {
    if let time = AuditTime.milliseconds(argument)
      ?? AuditTime.milliseconds(argument + "T00:00:00Z")
    {
      milliseconds = time
    } else if let ago = DurationSetting(argument: argument)?.seconds {
      let now = Int64(Date().timeIntervalSince1970)
      milliseconds = UInt64(max(0, now - ago)) * 1000
    } else {
      return nil
    }
  }
}

/// Records as lines of columns.
enum AuditTable {
  static let heading = row([
    "TIME", "OUTCOME", "ACTION", "PRINCIPAL", "FROM", "WHAT",
  ])

  static func row(of record: JSONValue) -> String {
    let time = record["eventTime"]?.string ?? ""
    let event = record["eventName"]?.string ?? ""
    if record["eventType"]?.string == "AwsServiceEvent" {
      return row([time, "-", event, "-", "-", details(record["serviceEventDetails"])])
    }
    return row([
      time, AuditFilter.outcome(of: record).rawValue, event,
      caller(record["userIdentity"]), record["sourceIPAddress"]?.string ?? "", subject(of: record),
    ])
  }

  private static func row(_ columns: [String]) -> String {
    let widths = [20, 8, 24, 24, 15, 0]
    return zip(columns, widths).map { text, width in
      text + String(repeating: " ", count: max(0, width - text.count))
    }.joined(separator: "  ")
  }

  private static func caller(_ identity: JSONValue?) -> String {
    guard let arn = identity?["arn"]?.string else { return "anonymous" }
    return arn.split(separator: ":", maxSplits: 5).last.map(String.init) ?? arn
  }

  /// The resource's name without what all of them begin with, or the path.
  private static func subject(of record: JSONValue) -> String {
    let resource = record["resources"]?.array?.last?["ARN"]?.string
    let name = resource?.split(separator: ":", maxSplits: 5).last.map(String.init)
    let path = record["additionalEventData"]?["requestUri"]?.string
    let version = record["requestParameters"]?["packageVersion"]?.string
    let error = record["errorCode"]?.string.map { "(\($0))" }
    return [name ?? path, version, error].compactMap(\.self).joined(separator: " ")
  }

  private static func details(_ details: JSONValue?) -> String {
    (details?.members ?? []).map { member in
      var writer = JSONWriter()
      writer.value(member.value)
      return "\(member.name)=\(String(decoding: writer.bytes, as: UTF8.self))"
    }.joined(separator: " ")
  }
}
