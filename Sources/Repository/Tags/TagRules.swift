internal import Catalog

/// What tags may be called (AWS General Reference, "Tag naming limits and requirements").
enum TagRules {
  /// Begins the keys of tags that only AWS itself gives.
  private static let reserved = "aws:"

  /// Returns tags when they are such as a resource may have; keys are compared by their bytes.
  ///
  /// - Throws: ``RepositoryError``: `validation` for a key that comes twice or is reserved,
  ///   `quotaExceeded` for more than a resource may have.
  ///   The error names `resource`, which is to have them, and its type where it has one.
  static func checked(
    _ tags: [Tag],
    quota: Int,
    of resource: String,
    _ type: RepositoryError.ResourceType?
  ) throws(RepositoryError) -> [Tag] {
    var keys: Set<[UInt8]> = []
    for tag in tags {
      guard !tag.key.lowercased().hasPrefix(reserved) else {
        throw .invalidTags("Tag key '\(tag.key)' begins with '\(reserved)', which is reserved.")
      }
      guard keys.insert(Array(tag.key.utf8)).inserted else {
        throw .invalidTags("Tag key '\(tag.key)' is given twice.")
      }
    }
    guard tags.count <= quota else { throw .tooManyTags(quota, of: resource, type) }
    return tags
  }
}

extension RepositoryError {
  fileprivate static func invalidTags(_ message: String) -> RepositoryError {
    RepositoryError(.validation, message, reason: .fieldValidationFailed)
  }

  static func tooManyTags(
    _ quota: Int,
    of resource: String,
    _ type: ResourceType?
  ) -> RepositoryError {
    RepositoryError(
      .quotaExceeded,
      "A resource has at most \(quota) tags; remove some first.",
      resourceID: resource,
      resourceType: type
    )
  }
}
