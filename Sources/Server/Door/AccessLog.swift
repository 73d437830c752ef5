import Audit
import Exchange
import HTTPTypes
import Logging

/// One line a request: who asked what, what came of it, how much and how long.
///
/// The query is left out: signatures and tokens may stand there.
struct AccessLog: Sendable {
  private let logger: Logger

  init(logger: Logger) {
    self.logger = logger
  }

  /// One more line for a request that the server could not serve as it should.
  func record(fault: String, of request: Request) {
    logger.error(
      "\(SecretMask.masking(fault))",
      metadata: ["id": "\(request.id)", "path": "\(SecretMask.masking(request.target.rawPath))"]
    )
  }

  func record(
    _ request: Request,
    status: HTTPResponse.Status,
    byteCount: UInt64,
    since started: ContinuousClock.Instant
  ) {
    let microseconds = (ContinuousClock.now - started) / .microseconds(1)
    logger.info(
      "request",
      metadata: [
        "id": "\(request.id)",
        "peer": "\(request.peer)",
        "method": "\(request.method.rawValue)",
        "path": "\(SecretMask.masking(request.target.rawPath))",
        "status": "\(status.code)",
        "bytes": "\(byteCount)",
        "us": "\(Int(microseconds))",
        "agent": "\(SecretMask.masking(request.headers[.userAgent] ?? "").prefix(60))",
      ]
    )
  }
}
