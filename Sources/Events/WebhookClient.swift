import AsyncHTTPClient
import NIOCore
import NIOHTTP1
package import NIOSSL

/// Posts deliveries to one address over HTTP.
package final class WebhookClient: Sendable {
  /// How long an answer may take.
  private static let timeout: TimeAmount = .seconds(15)
  private static let connectTimeout: TimeAmount = .seconds(5)

  private let address: String
  private let client: HTTPClient

  /// Makes a client that believes the certificates of `roots`.
  package init(address: String, roots: NIOSSLTrustRoots) {
    self.address = address
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.trustRoots = roots
    self.client = HTTPClient(
      configuration: HTTPClient.Configuration(
        tlsConfiguration: tls,
        redirectConfiguration: .disallow,
        timeout: HTTPClient.Configuration.Timeout(connect: Self.connectTimeout)
      )
    )
  }

  /// Posts a delivery and returns the answer's status; its body is not read.
  package func send(_ delivery: Webhook.Delivery) async throws -> Webhook.Answer {
    var request = HTTPClientRequest(url: address)
    request.method = .POST
    for (name, value) in delivery.headers { request.headers.add(name: name, value: value) }
    request.body = .bytes(ByteBuffer(bytes: delivery.body))
    let response = try await client.execute(request, deadline: .now() + Self.timeout)
    let seconds = response.headers.first(name: "retry-after").flatMap { Int64($0) }
    return Webhook.Answer(
      status: Int(response.status.code),
      retryAfter: seconds.map { .seconds(max(0, $0)) }
    )
  }

  /// Closes the connections.
  package func shutdown() async throws {
    try await client.shutdown()
  }
}
