/// A policy of a domain or a repository, as it was given.
package struct PolicyRecord: Hashable, Sendable {
  /// JSON text.
  package let document: String
  /// Another one each time the policy is put, so that whoever changes it can say which one it read.
  package let revision: String
}
