internal import FoundationEssentials

/// What a tool needs to know of a repository: where it is, and the token that opens it.
package struct RepositoryGrant: Hashable, Sendable {
  /// The endpoint of the tool's format, with a slash at its end.
  package let endpoint: String
  package let token: String
  /// What our entries are called in files that name them: letters, digits, hyphens and underscores.
  package let name: String
  /// The scope that is taken from the repository, without its `@`; nil takes all packages.
  package let scope: String?
  /// Whether a tool that knows several registries takes everything from this one.
  package let isMirror: Bool

  /// Takes a name of any text: what no tool takes in a name becomes a hyphen.
  ///
  /// The endpoint may lack the slash at its end.
  package init(
    endpoint: String,
    token: String,
    name: String,
    scope: String? = nil,
    isMirror: Bool = false
  ) {
    self.endpoint = endpoint.hasSuffix("/") ? endpoint : endpoint + "/"
    self.token = token
    self.name = String(
      name.map { ($0.isASCII && ($0.isLetter || $0.isNumber)) || $0 == "_" ? $0 : "-" }
    )
    self.scope = scope.map { $0.hasPrefix("@") ? String($0.dropFirst()) : $0 }
    self.isMirror = isMirror
  }

  /// The endpoint with user and token in it (RFC 3986 section 3.2.1).
  var endpointWithToken: String {
    endpoint.replacing("://", with: "://aws:\(token)@", maxReplacements: 1)
  }

  /// The endpoint without its slash at the end.
  var endpointWithoutSlash: String { String(endpoint.dropLast()) }

  /// The endpoint without its scheme: how npm's clients know what a credential is for.
  var endpointWithoutScheme: String {
    endpoint.firstRange(of: "//").map { String(endpoint[$0.lowerBound...]) } ?? endpoint
  }

  var isEncrypted: Bool { endpoint.hasPrefix("https:") }

  /// The host, without a port.
  var host: String { URLComponents(string: endpoint)?.host ?? "" }

  /// The host, with the port where one is written.
  var authority: String {
    String(endpointWithoutScheme.dropFirst(2).prefix { $0 != "/" })
  }

  /// The path, between its first and its last slash.
  var path: String { String(endpointWithoutScheme.dropFirst(2).drop { $0 != "/" }) }
}
