import Catalog
import FormatRules
import Repository

extension Call {
  /// The package group that the query names.
  mutating func packageGroup() -> (domain: DomainPath, pattern: String) {
    let domain = domain()
    let pattern = input.required("package-group", member: "packageGroup", .packageGroupPattern)
    return (domain, pattern)
  }

  mutating func originChange() -> GroupOriginChange {
    var change = GroupOriginChange()
    for member in input.members(body: "restrictions") ?? [] {
      let path = "restrictions.\(member.name)"
      let mode = input.required(member.value, path: path, oneOf: GroupRestrictionMode.self)
      let name = JSONValue.string(member.name)
      guard let road = input.required(name, path: "restrictions", oneOf: GroupRestriction.self)
      else { continue }
      change.modes[road] = mode
    }
    change.added = allowedRepositories("addAllowedRepositories")
    change.removed = allowedRepositories("removeAllowedRepositories")
    return change
  }

  private mutating func allowedRepositories(_ member: String) -> [GroupOriginChange.Entry] {
    var entries: [GroupOriginChange.Entry] = []
    for (index, entry) in (input.objects(body: member) ?? []).enumerated() {
      let path = "\(member).\(index + 1).member"
      let name = input.required("repositoryName", of: entry, path: path, .repositoryName)
      let road = input.required(
        entry["originRestrictionType"],
        path: "\(path).originRestrictionType",
        oneOf: GroupRestriction.self
      )
      if let road { entries.append(GroupOriginChange.Entry(repository: name, road: road)) }
    }
    return entries
  }
}
