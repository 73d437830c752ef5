package import HTTPTypes

/// Works out the address by which a client reached us: documents are written with it.
///
/// A configured public address wins. Else it is the scheme we listen with and the `Host` that the
/// client sent, if that is a plain host and port: it goes into documents, so nothing that could
/// break out of one is let through. `X-Forwarded-Proto`, `-Host` and `-Prefix` count only when the
/// operator said that a proxy in front writes them.
package struct BaseAddresses: Sendable {
  private let configured: String?
  private let scheme: String
  private let trustsForwarded: Bool
  private let fallback: String

  /// - Parameters:
  ///   - configured: The public address, with any path prefix, when the operator named one.
  ///   - scheme: What the door speaks, `http` or `https`.
  ///   - trustsForwarded: Whether a proxy in front of us sets the `X-Forwarded-` fields.
  ///   - fallback: The authority for clients that send none (HTTP/1.0), such as `127.0.0.1:8470`.
  package init(
    configured: String? = nil,
    scheme: String = "http",
    trustsForwarded: Bool = false,
    fallback: String
  ) {
    self.scheme = scheme
    self.configured = configured.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    self.trustsForwarded = trustsForwarded
    self.fallback = fallback
  }

  /// The scheme, authority and prefix, without a slash at the end.
  package func base(authority: String?, headers: HTTPFields) -> String {
    if let configured { return configured }
    let forwarded = trustsForwarded ? headers : [:]
    let said = forwarded.first("X-Forwarded-Proto")
    let scheme = said.flatMap { ["http", "https"].contains($0) ? $0 : nil } ?? scheme
    let host = forwarded.first("X-Forwarded-Host") ?? authority ?? fallback
    let prefix = forwarded.first("X-Forwarded-Prefix") ?? ""
    return scheme + "://" + (Self.isAuthority(host) ? host : fallback) + Self.cleaned(prefix)
  }

  /// The client's address, where a proxy in front says it.
  ///
  /// It is the last one in the list, which the proxy itself wrote. Nil where nobody is
  /// believed, or nothing that looks like one is said.
  package func client(headers: HTTPFields) -> String? {
    guard trustsForwarded, let name = HTTPField.Name("X-Forwarded-For"),
      let said = headers[name]?.split(separator: ",").last
    else { return nil }
    let address = said.filter { $0 != " " }
    let isAddress = address.utf8.allSatisfy { Self.isAlphanumeric($0) || ".:".utf8.contains($0) }
    return isAddress && !address.isEmpty && address.utf8.count <= 45 ? address : nil
  }

  /// Letters, digits, and what host names, IPv6 literals and ports are made of (RFC 3986 3.2).
  private static func isAuthority(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 255
      && text.utf8.allSatisfy { byte in
        isAlphanumeric(byte) || "-._:[]".utf8.contains(byte)
      }
  }

  private static func cleaned(_ prefix: String) -> String {
    let allowed = prefix.utf8.allSatisfy { isAlphanumeric($0) || "-._~/".utf8.contains($0) }
    guard allowed, prefix.hasPrefix("/") else { return "" }
    return prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}

extension HTTPFields {
  /// The first value of a field that proxies may have made a list of.
  fileprivate func first(_ name: String) -> String? {
    guard let name = HTTPField.Name(name), let value = self[name] else { return nil }
    let first = value.split(separator: ",").first ?? ""
    return first.filter { $0 != " " }
  }
}
