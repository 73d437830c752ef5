import Foundation
import NIOSSL

/// A certificate chain and its key, read from PEM files and checked against each other.
struct DoorCertificate: Sendable {
  let chain: [NIOSSLCertificate]
  let key: NIOSSLPrivateKey

  /// Reads and checks two files.
  ///
  /// - Parameters:
  ///   - certificate: the path of the chain, the server's own certificate first.
  ///   - key: the path of the private key that belongs to it, without a pass phrase.
  ///   - now: the moment at which the certificate has to be good, in seconds since 1970.
  /// - Throws: ``CertificateError`` that names the file at fault.
  init(certificate: String, key: String, now: Int) throws(CertificateError) {
    chain = try Self.chain(at: certificate)
    self.key = try Self.key(at: key)
    guard let own = chain.first else { throw .noCertificate(path: certificate) }
    guard now < Int(own.notValidAfter) else {
      throw .expired(path: certificate, since: Self.day(own.notValidAfter))
    }
    guard Int(own.notValidBefore) <= now else {
      throw .notYetGood(path: certificate, until: Self.day(own.notValidBefore))
    }
    // BoringSSL compares the public halves when it is given both.
    guard (try? NIOSSLContext(configuration: configuration)) != nil else {
      throw .strangers(certificate: certificate, key: key)
    }
  }

  /// What a server of HTTP/1.1 says of itself (RFC 7301 for the protocol's name); TLS 1.2 is what
  /// the oldest clients of the formats speak.
  var configuration: TLSConfiguration {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) },
      privateKey: .privateKey(key)
    )
    configuration.applicationProtocols = ["http/1.1"]
    configuration.minimumTLSVersion = .tlsv12
    return configuration
  }

  private static func chain(at path: String) throws(CertificateError) -> [NIOSSLCertificate] {
    let bytes = try bytes(at: path)
    guard let chain = try? NIOSSLCertificate.fromPEMBytes(bytes), !chain.isEmpty else {
      throw .noCertificate(path: path)
    }
    return chain
  }

  private static func key(at path: String) throws(CertificateError) -> NIOSSLPrivateKey {
    let bytes = try bytes(at: path)
    guard let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) else {
      throw .noKey(path: path)
    }
    return key
  }

  private static func bytes(at path: String) throws(CertificateError) -> [UInt8] {
    do {
      return try Array(Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw .unreadable(path: path)
    }
  }

  private static func day(_ seconds: time_t) -> String {
    HTTPDate.text(secondsSinceEpoch: Int(seconds))
  }
}

/// Why the files that TLS was asked for with cannot be used.
package enum CertificateError: Error, Hashable, CustomStringConvertible {
  case unreadable(path: String)
  case noCertificate(path: String)
  case noKey(path: String)
  case expired(path: String, since: String)
  case notYetGood(path: String, until: String)
  case strangers(certificate: String, key: String)

  package var description: String {
    switch self {
    case .unreadable(let path): "\(path) cannot be read; is it there, and may the server read it?"
    case .noCertificate(let path):
      "\(path) holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"
    case .noKey(let path):
      "\(path) holds no private key in PEM form, or one with a pass phrase; take the phrase away "
        + "with: openssl pkey -in FILE -out FILE"
    case .expired(let path, let since): "the certificate in \(path) expired on \(since); renew it"
    case .notYetGood(let path, let until):
      "the certificate in \(path) is good from \(until) on; is the clock right?"
    case .strangers(let certificate, let key):
      "\(key) is not the key of the first certificate in \(certificate)"
    }
  }
}
