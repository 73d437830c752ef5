internal import Foundation

extension ServiceClient {
  /// Makes a call about identities.
  ///
  /// - Parameters:
  ///   - name: the call's name, such as `create-user`.
  ///   - body: a JSON object.
  /// - Returns: the JSON of the answer.
  /// - Throws: ``LoginError``: `refused` with the server's own words when it says no.
  package func identities(_ name: String, _ body: [UInt8]) async throws(LoginError) -> [UInt8] {
    [UInt8](
      try await reply(to: ServiceCall(name, "POST", "/v1/larder/iam/\(name)", [], body: body))
    )
  }
}
