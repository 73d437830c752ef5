internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// Fetches small documents over HTTP and HTTPS, each from the one address that is named: for the
/// keys of identity providers.
package final class SmallDocuments: Sendable {
  private static let byteLimit = 1 << 20
  private static let patience = TimeAmount.seconds(10)

  private let client: HTTPClient

  /// - Parameter environment: the process's environment, for the trusted certificates.
  package init(environment: [String: String] = [:]) {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.trustRoots = TrustStore.roots(environment)
    client = HTTPClient(
      configuration: HTTPClient.Configuration(
        tlsConfiguration: tls,
        redirectConfiguration: .disallow
      )
    )
  }

  /// Returns the document at an address.
  ///
  /// - Throws: ``SmallDocumentFailure`` for an answer that is not 200, and whatever the connection
  ///   throws.
  package func document(at address: String) async throws -> [UInt8] {
    var request = HTTPClientRequest(url: address)
    request.headers.add(name: "accept", value: "application/json")
    let reply = try await client.execute(request, timeout: Self.patience)
    guard reply.status == .ok else {
      throw SmallDocumentFailure(address: address, status: Int(reply.status.code))
    }
    let body = try await reply.body.collect(upTo: Self.byteLimit)
    return Array(body.readableBytesView)
  }

  /// Closes the connections.
  ///
  /// Nothing may be asked afterwards.
  package func shutdown() async {
    try? await client.shutdown()
  }
}

/// An address does not give a document.
package struct SmallDocumentFailure: Error, Hashable, CustomStringConvertible {
  package let address: String
  package let status: Int

  package var description: String { "\(address) answers \(status)" }
}
