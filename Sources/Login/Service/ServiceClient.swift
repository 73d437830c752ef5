internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import Upstream

/// Asks a server for tokens and endpoints, as `aws codeartifact login` does.
package struct ServiceClient: Sendable {
  private static let patience = TimeAmount.seconds(30)
  private static let largestReply = 1 << 20

  private let account: ServiceAccount
  private let client: HTTPClient

  /// Makes a client and shuts it down after `body`.
  ///
  /// - Parameters:
  ///   - account: who asks, and whom.
  ///   - environment: names the certificates to believe (`AWS_CA_BUNDLE`, `SSL_CERT_FILE` and
  ///     others).
  ///   - body: is given the client.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  package static func with<Result: Sendable>(
    _ account: ServiceAccount,
    environment: [String: String],
    _ body: (ServiceClient) async throws -> Result
  ) async throws -> Result {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.trustRoots = TrustStore.roots(
      environment.merging(["SSL_CERT_FILE": environment["AWS_CA_BUNDLE"] ?? ""]) { own, bundle in
        bundle.isEmpty ? own : bundle
      }
    )
    let configuration = HTTPClient.Configuration(
      tlsConfiguration: tls,
      redirectConfiguration: .disallow
    )
    let client = HTTPClient(configuration: configuration)
    do {
      let result = try await body(ServiceClient(account: account, client: client))
      try await client.shutdown()
      return result
    } catch {
      try? await client.shutdown()
      throw error
    }
  }

  /// Returns a fresh token and when it ends, in seconds since 1970.
  package func token(
    domain: String,
    owner: String?,
    seconds: Int?
  ) async throws(LoginError) -> (text: String, expiry: Double) {
    let call = ServiceCall.token(domain: domain, owner: owner, seconds: seconds)
    let reply = try await members(of: call)
    guard let token = reply["authorizationToken"] as? String else { throw unexpected(call) }
    return (token, (reply["expiration"] as? Double) ?? 0)
  }

  /// Returns the address of a repository for clients of a format.
  package func endpoint(
    domain: String,
    owner: String?,
    repository: String,
    format: String,
    type: String?
  ) async throws(LoginError) -> String {
    let call = ServiceCall.endpoint(
      domain: domain,
      owner: owner,
      repository: repository,
      format: format,
      type: type
    )
    let reply = try await members(of: call)
    guard let endpoint = reply["repositoryEndpoint"] as? String else { throw unexpected(call) }
    return endpoint
  }

  private func unexpected(_ call: ServiceCall) -> LoginError {
    .refused(
      operation: call.operation,
      status: 200,
      message: "the answer is not the API's; is \(account.endpoint) a CodeArtifact endpoint?"
    )
  }

  private func members(of call: ServiceCall) async throws(LoginError) -> [String: Any] {
    let body = try await reply(to: call)
    return (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:]
  }

  /// Makes a call and returns the JSON of its answer.
  ///
  /// - Throws: ``LoginError``: `refused` with the server's own words when it says no.
  func reply(to call: ServiceCall) async throws(LoginError) -> Data {
    let signed = try call.signed(by: account, at: Int64(Date().timeIntervalSince1970))
    var request = HTTPClientRequest(url: signed.url)
    request.method = HTTPMethod(rawValue: call.method)
    request.headers = HTTPHeaders(signed.headers)
    if !call.body.isEmpty { request.body = .bytes(call.body) }
    let (status, body) = try await exchange(request)
    guard status == 200 else {
      let members = (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:]
      let message = members["message"] as? String ?? members["Message"] as? String
      throw .refused(
        operation: call.operation,
        status: status,
        message: message ?? String(decoding: body.prefix(300), as: UTF8.self)
      )
    }
    return body
  }

  private func exchange(_ request: HTTPClientRequest) async throws(LoginError) -> (Int, Data) {
    do {
      let reply = try await client.execute(request, timeout: Self.patience)
      let body = try await reply.body.collect(upTo: Self.largestReply)
      return (Int(reply.status.code), Data(body.readableBytesView))
    } catch {
      throw .unreachable(endpoint: account.endpoint, reason: "\(error)")
    }
  }
}
