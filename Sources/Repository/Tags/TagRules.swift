internal import Catalog

/// A word that is put on a resource, with its value, for policies and bills.
package struct Tag: Hashable, Sendable {
  package let key: String
  package let value: String

  package init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}

/// What tags may be called (AWS General Reference, "Tag naming limits and requirements").
enum TagRules {
  /// Begins the keys of tags that only AWS itself gives.
  private static let reserved = "aws:"

  /// Returns tags by key.
  ///
  /// - Throws: ``RepositoryError``: `validation` for a key that comes twice or is reserved,
  ///   `quotaExceeded` for more than a resource may have.
  static func checked(_ tags: [Tag], quota: Int) throws(RepositoryError) -> [String: String] {
    var checked: [String: String] = [:]
    for tag in tags {
      guard !tag.key.lowercased().hasPrefix(reserved) else {
        throw .invalidTags("Tag key '\(tag.key)' begins with '\(reserved)', which is reserved.")
      }
      guard checked.updateValue(tag.value, forKey: tag.key) == nil else {
        throw .invalidTags("Tag key '\(tag.key)' is given twice.")
      }
    }
    guard checked.count <= quota else { throw .tooManyTags(quota) }
    return checked
  }
}

extension RepositoryError {
  fileprivate static func invalidTags(_ message: String) -> RepositoryError {
    RepositoryError(.validation, message, reason: .fieldValidationFailed)
  }

  static func tooManyTags(_ quota: Int) -> RepositoryError {
    RepositoryError(
      .quotaExceeded,
      "A resource has at most \(quota) tags; remove some first."
    )
  }
}
