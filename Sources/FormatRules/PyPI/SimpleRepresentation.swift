/// The forms in which a page of the simple index travels (PEP 691).
package enum SimpleRepresentation: Hashable, Sendable, CaseIterable {
  case json
  case html
  /// The HTML page under the name that clients from before PEP 691 know.
  case legacyHTML

  /// The exact value of `Content-Type`: clients choose their parser by it.
  package var contentType: String {
    switch self {
    case .json: "application/vnd.pypi.simple.v1+json"
    case .html: "application/vnd.pypi.simple.v1+html"
    case .legacyHTML: "text/html; charset=utf-8"
    }
  }

  /// What a client of this server's making asks an upstream for: JSON first.
  package static let preferredAccept =
    "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, "
    + "text/html;q=0.01"

  /// Tells from a reply's `Content-Type` how to read it; nil when it is no page of a simple index.
  ///
  /// Plain `application/json` is refused, as clients do: PEP 691 reserves the exact type.
  package init?(contentType: String) {
    let type = contentType.prefix { $0 != ";" }
    let bytes = Array(type.utf8).trimmed.map(\.lowercased)
    switch String(decoding: bytes, as: UTF8.self) {
    case "application/vnd.pypi.simple.v1+json": self = .json
    case "application/vnd.pypi.simple.v1+html": self = .html
    case "text/html", "application/xhtml+xml": self = .legacyHTML
    default: return nil
    }
  }
}

extension SimplePage {
  /// Reads a page that came with `contentType` from `address`.
  ///
  /// - Throws: what is wrong with the type or with the page.
  package init(
    reading bytes: [UInt8],
    contentType: String,
    at address: String
  ) throws(MalformedInput) {
    switch SimpleRepresentation(contentType: contentType) {
    case .json: try self.init(json: bytes, at: address)
    case .html, .legacyHTML: try self.init(html: bytes, at: address)
    case nil:
      throw MalformedInput(
        "simple page",
        "its content type is `\(contentType)`, which is no simple index"
      )
    }
  }

  /// Writes the page in `representation`.
  package func render(_ representation: SimpleRepresentation) -> [UInt8] {
    representation == .json ? renderJSON() : renderHTML()
  }
}
