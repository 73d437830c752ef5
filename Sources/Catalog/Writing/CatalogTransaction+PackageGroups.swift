extension CatalogTransaction {
  /// Creates a package group, which takes all its restrictions from above.
  ///
  /// The domain must have none of this pattern.
  package func createPackageGroup(
    _ pattern: PackageGroupPattern,
    in domain: DomainID,
    contactInfo: String?,
    description: String?,
    at time: Timestamp
  ) throws(CatalogError) -> PackageGroupID {
    let id = try insertGroup(
      pattern,
      in: domain,
      contactInfo: contactInfo,
      description: description,
      mode: .inherit,
      at: time
    )
    try journal(.packageGroupCreated, in: domain, detail: Self.detail(of: pattern), at: time)
    return id
  }

  /// Creates the group that every domain has, open to everything.
  func createRootGroup(of domain: DomainID, at time: Timestamp) throws(CatalogError) {
    _ = try insertGroup(
      .root,
      in: domain,
      contactInfo: nil,
      description: nil,
      mode: .allow,
      at: time
    )
  }

  private func insertGroup(
    _ pattern: PackageGroupPattern,
    in domain: DomainID,
    contactInfo: String?,
    description: String?,
    mode: GroupRestrictionMode,
    at time: Timestamp
  ) throws(CatalogError) -> PackageGroupID {
    let mode = SQLValue.text(mode.rawValue)
    return try connection.requiredRow(
      PackageGroupStatements.insert,
      [
        .id(domain), .text(pattern.text), .text(contactInfo), .text(description), mode, mode, mode,
        .time(time),
      ]
    ) { row throws(CatalogError) in try row.id(0) }
  }

  /// Changes contact and description (nil leaves the old one), modes, and the lists of allowed
  /// repositories; nothing is written when all is so already.
  package func updatePackageGroup(
    _ group: PackageGroupRecord,
    in domain: DomainID,
    contactInfo: String? = nil,
    description: String? = nil,
    restrictions: [GroupRestriction: PackageGroupRecord.Restriction]? = nil,
    at time: Timestamp
  ) throws(CatalogError) {
    let wanted = restrictions ?? group.restrictions
    let contactInfo = contactInfo ?? group.contactInfo
    let description = description ?? group.description
    guard
      wanted != group.restrictions || !Self.areSame(contactInfo, group.contactInfo)
        || !Self.areSame(description, group.description)
    else { return }
    let modes = [GroupRestriction.publish, .externalUpstream, .internalUpstream].map { road in
      SQLValue.text((wanted[road]?.mode ?? .inherit).rawValue)
    }
    try connection.run(
      PackageGroupStatements.update,
      [.text(contactInfo), .text(description)] + modes + [.id(group.id)]
    )
    for road in GroupRestriction.allCases {
      try setRepositories(
        wanted[road]?.repositories ?? [],
        instead: group.restrictions[road]?.repositories ?? [],
        for: road,
        of: group.id
      )
    }
    try journal(
      .packageGroupUpdated,
      in: domain,
      detail: Self.detail(of: group.pattern, wanted),
      at: time
    )
  }

  /// Whether both are the same byte by byte: to `==`, an accent is part of its letter.
  private static func areSame(_ one: String?, _ other: String?) -> Bool {
    one.map { Array($0.utf8) } == other.map { Array($0.utf8) }
  }

  private func setRepositories(
    _ wanted: Set<RepositoryID>,
    instead former: Set<RepositoryID>,
    for road: GroupRestriction,
    of group: PackageGroupID
  ) throws(CatalogError) {
    let list: [SQLValue] = [.id(group), .text(road.rawValue)]
    for id in wanted.subtracting(former).sorted() {
      try connection.run(PackageGroupStatements.insertRepository, list + [.id(id)])
    }
    for id in former.subtracting(wanted).sorted() {
      try connection.run(PackageGroupStatements.deleteRepository, list + [.id(id)])
    }
  }

  /// Deletes a package group with its tags; what was below it is below its parent from now on.
  package func deletePackageGroup(
    _ group: PackageGroupRecord,
    in domain: DomainID,
    at time: Timestamp
  ) throws(CatalogError) {
    try dropTags(of: .packageGroup(group.id), in: domain)
    try connection.run(PackageGroupStatements.delete, [.id(group.id)])
    try journal(.packageGroupDeleted, in: domain, detail: Self.detail(of: group.pattern), at: time)
  }

  private static func detail(
    of pattern: PackageGroupPattern,
    _ restrictions: [GroupRestriction: PackageGroupRecord.Restriction] = [:]
  ) -> JSONText {
    let modes = GroupRestriction.allCases.compactMap { road in
      restrictions[road].map { (key: road.rawValue, value: JSONText.string($0.mode.rawValue)) }
    }
    return .object([("pattern", .string(pattern.text))] + modes)
  }
}
