internal import FoundationEssentials
package import NIOSSL

/// Whose certificates are believed: the machine's, as its other programs are told.
///
/// BoringSSL does not read `SSL_CERT_FILE` and `SSL_CERT_DIR` as the system's OpenSSL does, so they
/// are read here; `PIP_CERT` and `REQUESTS_CA_BUNDLE` come next, since a machine whose registry has
/// a certificate of its own has told at least pip about it.
package enum TrustStore {
  /// Returns the roots that the environment names, or the platform's.
  package static func roots(_ environment: [String: String]) -> NIOSSLTrustRoots {
    for name in ["SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR"] {
      guard let path = environment[name], FileManager.default.isReadableFile(atPath: path) else {
        continue
      }
      return .file(path)
    }
    return .default
  }
}
