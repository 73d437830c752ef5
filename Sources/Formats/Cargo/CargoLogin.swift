import Exchange
import HTTPTypes
import Repository

/// Where cargo sends people for a token: a page that says how to get one, and the challenge that
/// names it (RFC 3139 of Rust, "Cargo Alternative Registry Auth"; the Cargo Book has `me` too).
enum CargoLogin {
  private static let name = "me"

  /// Whether an address is that of the page, for which nobody needs a token.
  static func isPage(_ request: Request, at endpoint: RepositoryEndpoint) -> Bool {
    endpoint.rest == [name] && (request.method == .get || request.method == .head)
  }

  static func challenge(at address: CargoAddress) -> String {
    let quoted = address.index.replacing("\"", with: "%22")
    return "Cargo login_url=\"\(quoted)\(name)\""
  }

  static func page(at endpoint: RepositoryEndpoint) -> Reply {
    let path = endpoint.path
    return .text(
      .ok,
      """
      This registry takes tokens of domain \(path.domain). To get one and have cargo know it:

        larder login --tool cargo --domain \(path.domain) --repository \(path.repository)

      To get one alone, for cargo login to ask for:

        aws codeartifact get-authorization-token --domain \(path.domain) \
      --domain-owner \(path.owner) --query authorizationToken --output text

      """
    )
  }
}
