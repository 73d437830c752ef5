internal import Catalog

extension PackageGroupTree {
  /// Returns the group of a pattern.
  ///
  /// The API has no word for the kind of resource that is missing (`ResourceType`).
  func require(
    _ pattern: PackageGroupPattern,
    in domain: DomainRecord
  ) throws(RepositoryError) -> PackageGroupRecord {
    guard let group = self[pattern] else {
      throw RepositoryError(
        .notFound,
        "Package group not found. Pattern: \(pattern), domain name: \(domain.name), "
          + "domain owner: \(domain.owner).",
        resourceID: pattern.text
      )
    }
    return group
  }
}

extension PackageGroupPattern {
  /// Reads what a caller gave as a pattern.
  init(given text: String) throws(RepositoryError) {
    do throws(PatternFault) { try self.init(reading: text) } catch {
      throw RepositoryError(
        .validation,
        "'\(text)' is no pattern of a package group. \(error.reason)",
        reason: .fieldValidationFailed
      )
    }
  }
}
