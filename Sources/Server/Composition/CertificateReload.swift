import Logging
import ServiceLifecycle
import UnixSignals

/// Reads the certificate again at every SIGHUP, as programs that renew certificates expect.
struct CertificateReload: Service {
  let tls: DoorTLS
  let logger: Logger

  func run() async throws {
    for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
      do {
        try tls.reload()
        logger.notice("the certificate was read again")
      } catch {
        logger.error("the certificate stays as it was: \(error)")
      }
    }
  }
}
