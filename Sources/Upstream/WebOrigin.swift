internal import FoundationEssentials

/// Scheme, host and port of an address (RFC 6454): what credentials, caps and circuits belong to.
struct WebOrigin: Hashable, Sendable, CustomStringConvertible {
  let scheme: String
  let host: String
  let port: Int

  /// Reads the origin of an absolute http or https address; nil for any other.
  init?(_ address: String) {
    guard let components = URLComponents(string: address),
      let scheme = components.scheme?.lowercased(), scheme == "http" || scheme == "https",
      let host = components.host?.lowercased(), !host.isEmpty
    else { return nil }
    self.scheme = scheme
    self.host = host
    self.port = components.port ?? (scheme == "https" ? 443 : 80)
  }

  var description: String { "\(scheme)://\(host):\(port)" }
}
