/// Where and when a signing key is good: a day, a region and a service.
package struct CredentialScope: Hashable, Sendable {
  private static let terminator = "aws4_request"

  /// The day in UTC, eight digits.
  package let date: String
  package let region: String
  package let service: String

  package init(date: String, region: String, service: String) {
    self.date = date
    self.region = region
    self.service = service
  }

  /// The scope as the string to sign has it.
  package var text: String { "\(date)/\(region)/\(service)/\(Self.terminator)" }

  /// Splits `{access key}/{date}/{region}/{service}/aws4_request`; nil for anything else.
  static func splitting(credential: String) -> (keyID: String, CredentialScope)? {
    let parts = credential.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 5, !parts[0].isEmpty, parts[4] == terminator else { return nil }
    return (parts[0], CredentialScope(date: parts[1], region: parts[2], service: parts[3]))
  }
}
