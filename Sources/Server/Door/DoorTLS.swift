import Foundation
import NIOCore
import NIOSSL
import Synchronization

/// TLS for a door: what new connections are shown, which can be exchanged while it is open.
package final class DoorTLS: Sendable {
  private let certificate: String
  private let key: String
  private let current: Mutex<DoorCertificate>

  /// Reads a certificate chain and its key from PEM files.
  ///
  /// - Throws: ``CertificateError`` when they cannot be used.
  package init(
    certificate: String,
    key: String,
    now: Int = Int(Date().timeIntervalSince1970)
  ) throws(CertificateError) {
    self.certificate = certificate
    self.key = key
    current = Mutex(try DoorCertificate(certificate: certificate, key: key, now: now))
  }

  /// Reads the files again, for connections from now on; whoever is connected stays so.
  ///
  /// - Throws: ``CertificateError`` when they cannot be used; what was shown so far stays then.
  package func reload(now: Int = Int(Date().timeIntervalSince1970)) throws(CertificateError) {
    let renewed = try DoorCertificate(certificate: certificate, key: key, now: now)
    current.withLock { $0 = renewed }
  }

  /// Asks for the certificate anew at each handshake.
  var configuration: TLSConfiguration {
    var configuration = current.withLock { $0 }.configuration
    configuration.sslContextCallback = { [self] _, promise in
      let certificate = current.withLock { $0 }
      var override = NIOSSLContextConfigurationOverride.noChanges
      override.certificateChain = certificate.chain.map { .certificate($0) }
      override.privateKey = .privateKey(certificate.key)
      promise.succeed(override)
    }
    return configuration
  }
}
