import Access
import Catalog
import FormatRules
import Repository

/// Package groups as the model has them.
extension CodeArtifactAPI {
  func reply(_ listing: Listing<PackageGroupDescription>) -> JSONValue {
    .members([
      "packageGroups": .array(listing.items.map(summary)),
      "nextToken": .text(listing.nextToken),
    ])
  }

  /// The model's `PackageGroupDescription`, and `PackageGroupSummary`, which is the same.
  func summary(of found: PackageGroupDescription) -> JSONValue {
    let (group, domain) = (found.group, found.domain)
    return .members([
      "arn": .string(arn(of: group, in: domain).description),
      "pattern": .string(group.pattern.text),
      "domainName": .string(domain.name),
      "domainOwner": .string(domain.owner),
      "createdTime": .time(group.createdAt),
      "contactInfo": .text(group.contactInfo),
      "description": .text(group.description),
      "originConfiguration": .members(["restrictions": restrictions(of: found)]),
      "parent": found.parent.map { reference(to: $0, in: domain) },
    ])
  }

  private func restrictions(of found: PackageGroupDescription) -> JSONValue {
    .object(
      GroupRestriction.allCases.compactMap { road in
        guard let own = found.group.restrictions[road], let effective = found.effective[road] else {
          return nil
        }
        let value = JSONValue.members([
          "mode": .string(own.mode.rawValue),
          "effectiveMode": .string(effective.restriction.mode.rawValue),
          "inheritedFrom": effective.inheritedFrom.map { reference(to: $0, in: found.domain) },
          "repositoriesCount": .integer(Int64(own.repositories.count)),
        ])
        return JSONValue.Member(road.rawValue, value)
      }
    )
  }

  private func reference(to group: PackageGroupRecord, in domain: DomainRecord) -> JSONValue {
    .members([
      "arn": .string(arn(of: group, in: domain).description),
      "pattern": .string(group.pattern.text),
    ])
  }

  private func arn(of group: PackageGroupRecord, in domain: DomainRecord) -> ARN {
    arn(group.pattern.text, in: DomainPath(owner: domain.owner, domain: domain.name))
  }

  /// Which repositories came onto which lists, and which left them; lists that did not change are
  /// left out.
  static func updates(_ update: GroupOriginUpdate) -> JSONValue {
    .object(
      GroupRestriction.allCases.compactMap { road in
        func names(_ lists: [GroupRestriction: [String]]) -> JSONValue? {
          lists[road].map { .array($0.map(JSONValue.string)) }
        }
        let value = JSONValue.members([
          "ADDED": names(update.added), "REMOVED": names(update.removed),
        ])
        return value.members?.isEmpty == false ? JSONValue.Member(road.rawValue, value) : nil
      }
    )
  }
}
