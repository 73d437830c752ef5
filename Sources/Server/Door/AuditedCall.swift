import Audit
import Disk
import Exchange
import HTTPTypes

/// One request on its way through the door, as the audit sees it.
///
/// A change and every signed call is on record before it is answered; what package managers read is
/// put on record once it was sent, when its bytes are known.
struct AuditedCall: Sendable {
  /// What asks for nothing of anybody's, and comes every second.
  private static let unaudited = "/health"

  private let request: Request
  private let log: AuditLog
  private let began = WallClock.unixMilliseconds()

  /// Nil for a request that is not put on record.
  init?(_ request: Request, in log: AuditLog) {
    guard request.target.rawPath != Self.unaudited else { return nil }
    self.request = request
    self.log = log
  }

  /// Whether the trail has room for what the request may turn out to be.
  func mayGoOn() async -> Bool {
    let isReading = [.get, .head].contains(request.method) && !isForTokens
    if isReading, !isControl { return true }
    return await log.hasRoom(isReading: isReading)
  }

  /// Calls of the API and of the token service.
  private var isControl: Bool {
    request.target.rawPath.hasPrefix("/v1/") || isForTokens
  }

  /// Calls of the token service, which hand out credentials by any method.
  private var isForTokens: Bool { request.target.rawPath == "/" }

  /// The answer where a change could not be put on record, and was not made.
  var refusal: Reply {
    let message = "The audit trail cannot be written, so that nothing may be changed; try later."
    let failure = CallNotes.Failure(code: "ServiceUnavailableException", message: message)
    request.trail.note { $0.failure = failure }
    return Self.unavailable(message)
  }

  /// The answer where the trail failed while the call was answered: what is not on record is not
  /// acknowledged either.
  private static let doubt = unavailable(
    "The audit trail cannot be written; the call may have been carried out. Look, and try later."
  )

  private static func unavailable(_ message: String) -> Reply {
    Reply(
      .serviceUnavailable,
      headers: [
        .contentType: "application/json", .errorType: "ServiceUnavailableException",
        .retryAfter: "5",
      ],
      body: .bytes(Array(#"{"message":"\#(message)"}"#.utf8))
    )
  }

  /// Puts a call that may not be forgotten on record, and returns what to answer once its record is
  /// safe; nil for a call that is put on record when it is over.
  func recordBefore(_ reply: Reply) async -> Reply? {
    let leavesSomething = request.trail.ask { $0.leavesSomething }
    guard isControl || leavesSomething else { return nil }
    let entry = entry(reply, request.trail.take(), byteCount: reply.body.byteCount ?? 0)
    let isSafe =
      if leavesSomething {
        await log.recordDurably(entry)
      } else {
        await log.recordSurely(entry)
      }
    // Whoever was refused has nothing to lose.
    return isSafe || reply.status.code >= 400 ? reply : Self.doubt
  }

  /// Puts any other call on record.
  func recordAfter(_ reply: Reply, byteCount: UInt64, isCutOff: Bool = false) {
    var entry = entry(reply, request.trail.take(), byteCount: byteCount)
    entry.isCutOff = isCutOff
    log.record(entry)
  }

  private func entry(_ reply: Reply, _ notes: CallNotes, byteCount: UInt64) -> AuditEntry {
    AuditEntry(
      milliseconds: began,
      id: request.id,
      peer: request.peer,
      agent: request.headers[.userAgent] ?? "",
      method: request.method.rawValue,
      path: request.target.rawPath,
      status: reply.status.code,
      byteCount: byteCount,
      notes: notes
    )
  }
}

extension AuditLog {
  /// Puts on record that something came that was no request.
  func recordMalformed(from peer: String) {
    var notes = CallNotes()
    notes.failure = CallNotes.Failure(
      code: "MalformedHttpRequestException",
      message: "What came is no request of HTTP/1.1."
    )
    record(
      AuditEntry(
        milliseconds: WallClock.unixMilliseconds(),
        id: RequestIdentifier.make(),
        peer: peer,
        agent: "",
        method: "",
        path: "",
        status: HTTPResponse.Status.badRequest.code,
        byteCount: 0,
        notes: notes
      )
    )
  }
}

extension HTTPField.Name {
  fileprivate static let errorType = HTTPField.Name("x-amzn-errortype") ?? .server
}
