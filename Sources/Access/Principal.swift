/// Who is asking.
package struct Principal: Hashable, Sendable {
  /// The account the principal belongs to, twelve digits.
  package let account: String
  /// The principal's own name, such as `arn:aws:iam::123456789012:user/administrator`.
  package let arn: String
  /// Whether the principal may do everything in its account.
  package let isAdministrator: Bool

  package init(account: String, arn: String, isAdministrator: Bool) {
    self.account = account
    self.arn = arn
    self.isAdministrator = isAdministrator
  }
}
