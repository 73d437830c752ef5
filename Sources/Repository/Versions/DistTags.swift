internal import Catalog
internal import FormatRules

/// The names that an npm package gives to some of its versions, as the package's attributes keep
/// them; packages of other formats have none.
struct DistTags {
  private static let member = "dist-tags"

  private var tags: [(name: String, version: String)]

  init(_ attributes: JSONValue) {
    tags = (attributes[Self.member]?.members ?? []).compactMap { member in
      member.value.string.map { (member.name, $0) }
    }
  }

  init(_ package: PackageRecord) {
    self.init(.stored(package.attributes))
  }

  /// Those that point to none of `versions`.
  func without(_ versions: Set<String>) -> DistTags {
    var kept = self
    kept.tags.removeAll { versions.contains($0.version) }
    return kept
  }

  /// Those that point to one of `versions`.
  func among(_ versions: Set<String>) -> DistTags {
    var kept = self
    kept.tags.removeAll { !versions.contains($0.version) }
    return kept
  }

  /// These and the others; where both have a name, the others' moves it.
  func moved(by others: DistTags) -> DistTags {
    var moved = self
    for tag in others.tags {
      if let index = moved.tags.firstIndex(where: { $0.name == tag.name }) {
        moved.tags[index] = tag
      } else {
        moved.tags.append(tag)
      }
    }
    return moved
  }

  /// The attributes with these tags in place of theirs, as rows keep them.
  ///
  /// Attributes that would have the same tags are the same text.
  func written(into package: PackageRecord) -> String {
    guard !isSame(as: DistTags(package)) else { return package.attributes }
    return written(into: .stored(package.attributes)).storedText
  }

  func written(into attributes: JSONValue) -> JSONValue {
    let others = (attributes.members ?? []).filter { $0.name != Self.member }
    guard !tags.isEmpty else { return .object(others) }
    let members = tags.map { JSONValue.Member($0.name, .string($0.version)) }
    return .object(others + [JSONValue.Member(Self.member, .object(members))])
  }

  private func isSame(as other: DistTags) -> Bool {
    tags.elementsEqual(other.tags) { $0 == $1 }
  }
}
