internal import Catalog
internal import FoundationEssentials

/// Where one external connection points, and who said so.
package struct ExternalAddress: Hashable, Sendable {
  /// The connection's name, such as `public:pypi`.
  package let connection: String
  /// The address without user-info, with a trailing slash: good for logs and documents.
  package let address: String
  /// Where the address was found, for people: `--external`, `PIP_INDEX_URL`, `pip's
  /// configuration`….
  package let source: String
  /// The user-info of the address as a Basic credential (RFC 7617), ready for its header.
  let authorization: String?
  let origin: WebOrigin

  /// Reads an address; nil when it is no absolute http or https address.
  package init?(_ connection: String, _ text: String, source: String) {
    guard var components = URLComponents(string: text), let origin = WebOrigin(text) else {
      return nil
    }
    if let user = components.user {
      let pair = "\(user):\(components.password ?? "")"
      authorization = "Basic \(Data(pair.utf8).base64EncodedString())"
    } else {
      authorization = nil
    }
    components.user = nil
    components.password = nil
    components.query = nil
    components.fragment = nil
    if !components.path.hasSuffix("/") { components.path += "/" }
    guard let address = components.string else { return nil }
    self.connection = connection
    self.address = address
    self.source = source
    self.origin = origin
  }

  /// Whether the address is a repository's endpoint, ours or the service's: what
  /// `aws codeartifact login` writes into a client's configuration, with a token that expires.
  ///
  /// Path form `…/{format}/d/{domain}-{owner}/{repository}/`, host form
  /// `{domain}-{owner}.d.codeartifact.{region}.…/{format}/{repository}/`.
  var isRepositoryEndpoint: Bool {
    guard let components = URLComponents(string: address) else { return false }
    let segments = components.path.split(separator: "/")
    let byPath = zip(segments, segments.dropFirst()).enumerated().contains { index, pair in
      PackageFormat(rawValue: String(pair.0)) != nil && pair.1 == "d"
        && segments.dropFirst(index + 2).first.map(Self.namesDomain) == true
    }
    let labels = (components.host ?? "").split(separator: ".")
    return byPath
      || (labels.dropFirst().starts(with: ["d", "codeartifact"])
        && labels.first.map(Self.namesDomain) == true)
  }

  /// A domain's name, a hyphen, and its owner's twelve digits.
  private static func namesDomain(_ text: Substring) -> Bool {
    let owner = text.suffix(12)
    return owner.count == 12 && owner.allSatisfy { $0.isASCII && $0.isNumber }
      && text.dropLast(12).hasSuffix("-")
  }
}
