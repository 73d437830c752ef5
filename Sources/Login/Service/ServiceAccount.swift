package import Access

/// Who asks which server for a token.
package struct ServiceAccount: Hashable, Sendable {
  /// The server's address without a slash at its end.
  package let endpoint: String
  package let key: AccessKey
  package let region: String

  package init(endpoint: String, key: AccessKey, region: String) {
    self.endpoint = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
    self.key = key
    self.region = region
  }

  /// Reads the variables that the AWS tools obey and `larder env` prints; nil when one is missing.
  package init?(environment: [String: String]) {
    func value(_ names: String...) -> String? {
      names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    }
    guard let endpoint = value("AWS_ENDPOINT_URL_CODEARTIFACT", "AWS_ENDPOINT_URL"),
      let id = value("AWS_ACCESS_KEY_ID"), let secret = value("AWS_SECRET_ACCESS_KEY")
    else { return nil }
    self.init(
      endpoint: endpoint,
      key: AccessKey(id: id, secret: secret, sessionToken: value("AWS_SESSION_TOKEN")),
      region: value("AWS_REGION", "AWS_DEFAULT_REGION") ?? "us-east-1"
    )
  }
}
