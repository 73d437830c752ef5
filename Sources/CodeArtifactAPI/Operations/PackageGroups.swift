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
