import Access
import Catalog
import Exchange
import FormatRules
import Repository

/// Creating and updating name the group in the body, everything else in the query.
extension CodeArtifactAPI {
  func createPackageGroup(_ call: inout Call) async throws(Fault) -> JSONValue {
    let domain = call.domain()
    let pattern = call.input.required(body: "packageGroup", .packageGroupPattern)
    let contact = call.input.optional(body: "contactInfo", .contactInfo)
    let description = call.input.optional(body: "description", .description)
    let tags = call.tags()
    try call.input.finish()
    try await authorize(call, to: .createPackageGroup, on: arn(pattern, in: domain))
    try await authorizeTags(tags, on: arn(pattern, in: domain), by: call)
    let created = try await depotCall { () throws(RepositoryError) in
      try await depot.createPackageGroup(
        pattern,
        owner: domain.owner,
        domain: domain.domain,
        contactInfo: contact,
        description: description,
        tags: tags
      )
    }
    return .members(["packageGroup": summary(of: created)])
  }

  func describePackageGroup(_ call: inout Call) async throws(Fault) -> JSONValue {
    let (domain, pattern) = call.packageGroup()
    try call.input.finish()
    try await authorize(call, to: .describePackageGroup, on: arn(pattern, in: domain))
    let found = try await depotCall { () throws(RepositoryError) in
      try await depot.describePackageGroup(pattern, owner: domain.owner, domain: domain.domain)
    }
    return .members(["packageGroup": summary(of: found)])
  }

  func updatePackageGroup(_ call: inout Call) async throws(Fault) -> JSONValue {
    let domain = call.domain()
    let pattern = call.input.required(body: "packageGroup", .packageGroupPattern)
    let contact = call.input.optional(body: "contactInfo", .contactInfo)
    let description = call.input.optional(body: "description", .description)
    try call.input.finish()
    try await authorize(call, to: .updatePackageGroup, on: arn(pattern, in: domain))
    let updated = try await depotCall { () throws(RepositoryError) in
      try await depot.updatePackageGroup(
        pattern,
        owner: domain.owner,
        domain: domain.domain,
        contactInfo: contact,
        description: description
      )
    }
    return .members(["packageGroup": summary(of: updated)])
  }

  func deletePackageGroup(_ call: inout Call) async throws(Fault) -> JSONValue {
    let (domain, pattern) = call.packageGroup()
    try call.input.finish()
    try await authorize(call, to: .deletePackageGroup, on: arn(pattern, in: domain))
    let deleted = try await depotCall { () throws(RepositoryError) in
      try await depot.deletePackageGroup(pattern, owner: domain.owner, domain: domain.domain)
    }
    return .members(["packageGroup": summary(of: deleted)])
  }

  func updatePackageGroupOriginConfiguration(
    _ call: inout Call
  ) async throws(Fault) -> JSONValue {
    let (domain, pattern) = call.packageGroup()
    let change = call.originChange()
    try call.input.finish()
    let resource = arn(pattern, in: domain)
    try await authorize(call, to: .updatePackageGroupOriginConfiguration, on: resource)
    let update = try await depotCall { () throws(RepositoryError) in
      try await depot.updateOriginConfiguration(
        ofPackageGroup: pattern,
        owner: domain.owner,
        domain: domain.domain,
        change
      )
    }
    return .members([
      "packageGroup": summary(of: update.group),
      "allowedRepositoryUpdates": Self.updates(update),
    ])
  }

  func listPackageGroups(_ call: inout Call) async throws(Fault) -> JSONValue {
    let domain = call.domain()
    let prefix = call.input.optional("prefix", member: "prefix", .packageGroupPrefix) ?? ""
    let page = call.page(default: 100)
    try call.input.finish()
    try await authorize(call, to: .listPackageGroups, on: arn(domain))
    let listing = try await depotCall { () throws(RepositoryError) in
      try await depot.listPackageGroups(
        owner: domain.owner,
        domain: domain.domain,
        prefix: prefix,
        limit: page.limit,
        token: page.token
      )
    }
    return reply(listing)
  }

  func listSubPackageGroups(_ call: inout Call) async throws(Fault) -> JSONValue {
    let (domain, pattern) = call.packageGroup()
    let page = call.page(default: 100)
    try call.input.finish()
    try await authorize(call, to: .listSubPackageGroups, on: arn(pattern, in: domain))
    let listing = try await depotCall { () throws(RepositoryError) in
      try await depot.listSubPackageGroups(
        of: pattern,
        owner: domain.owner,
        domain: domain.domain,
        limit: page.limit,
        token: page.token
      )
    }
    return reply(listing)
  }

  func getAssociatedPackageGroup(_ call: inout Call) async throws(Fault) -> JSONValue {
    let domain = call.domain()
    let package = call.coordinates()
    try call.input.finish()
    let found: (group: PackageGroupDescription, type: GroupAssociation)
    do throws(RepositoryError) {
      found = try await depot.associatedPackageGroup(
        of: package,
        owner: domain.owner,
        domain: domain.domain
      )
    } catch {
      // Who may not ask does not learn what there is either.
      let root = arn(PackageGroupPattern.root.text, in: domain)
      try await authorize(call, to: .getAssociatedPackageGroup, on: root)
      throw Fault(error)
    }
    let resource = arn(found.group.group.pattern.text, in: domain)
    try await authorize(call, to: .getAssociatedPackageGroup, on: resource)
    return .members([
      "packageGroup": summary(of: found.group),
      "associationType": .string(found.type.rawValue),
    ])
  }

  func listAssociatedPackages(_ call: inout Call) async throws(Fault) -> JSONValue {
    let (domain, pattern) = call.packageGroup()
    let isPreview = call.input.optionalFlag("preview", member: "preview") ?? false
    let page = call.page(default: 100)
    try call.input.finish()
    try await authorize(call, to: .listAssociatedPackages, on: arn(pattern, in: domain))
    let listing = try await depotCall { () throws(RepositoryError) in
      try await depot.associatedPackages(
        ofGroup: pattern,
        isPreview: isPreview,
        owner: domain.owner,
        domain: domain.domain,
        limit: page.limit,
        token: page.token
      )
    }
    let packages = listing.items.map { found in
      JSONValue.members([
        "format": .string(found.coordinates.format.rawValue),
        "namespace": .text(found.coordinates.namespace),
        "package": .string(found.coordinates.name),
        "associationType": .string(found.type.rawValue),
      ])
    }
    return .members(["packages": .array(packages), "nextToken": .text(listing.nextToken)])
  }

  func listAllowedRepositoriesForGroup(_ call: inout Call) async throws(Fault) -> JSONValue {
    let (domain, pattern) = call.packageGroup()
    let road = call.input.required(
      "originRestrictionType",
      member: "originRestrictionType",
      oneOf: GroupRestriction.self
    )
    let page = call.page(default: 100)
    try call.input.finish()
    try await authorize(call, to: .listAllowedRepositoriesForGroup, on: arn(pattern, in: domain))
    let listing = try await depotCall { () throws(RepositoryError) in
      try await depot.allowedRepositories(
        of: pattern,
        for: road ?? .publish,
        owner: domain.owner,
        domain: domain.domain,
        limit: page.limit,
        token: page.token
      )
    }
    return .members([
      "allowedRepositories": .array(listing.items.map(JSONValue.string)),
      "nextToken": .text(listing.nextToken),
    ])
  }
}

extension Call {
  /// The package group that the query names.
  fileprivate mutating func packageGroup() -> (domain: DomainPath, pattern: String) {
    let domain = domain()
    let pattern = input.required("package-group", member: "packageGroup", .packageGroupPattern)
    return (domain, pattern)
  }

  fileprivate mutating func originChange() -> GroupOriginChange {
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

extension CodeArtifactAPI {
  private func reply(_ listing: Listing<PackageGroupDescription>) -> JSONValue {
    .members([
      "packageGroups": .array(listing.items.map(summary)),
      "nextToken": .text(listing.nextToken),
    ])
  }

  /// The model's `PackageGroupDescription`, and `PackageGroupSummary`, which is the same.
  private func summary(of found: PackageGroupDescription) -> JSONValue {
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
  private static func updates(_ update: GroupOriginUpdate) -> JSONValue {
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
