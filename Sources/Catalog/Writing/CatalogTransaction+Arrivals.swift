internal import Bytes

extension CatalogTransaction {
  /// Takes a version with its assets into repositories of one domain: into all of them, or into
  /// none.
  ///
  /// Where the version is there already, assets it lacks are added and assets it has are left
  /// alone; an asset of the same name must have the same bytes. A repository that lacks nothing is
  /// not changed and writes no journal row, so that repeating an arrival costs reads only.
  package func record(
    _ arrival: VersionArrival,
    into repositories: [RepositoryID],
    at time: Timestamp
  ) throws(CatalogError) -> VersionArrival.Outcome {
    var targets: [ArrivalTarget] = []
    for id in repositories {
      guard let repository = try repository(id) else { return .repositoryGone(id) }
      let target = try ArrivalTarget(repository, arrival, self)
      if let obstacle = target.obstacle(to: arrival) { return obstacle }
      targets.append(target)
    }
    var receipts: [VersionArrival.Receipt] = []
    for target in targets { receipts.append(try record(arrival, into: target, at: time)) }
    return .recorded(receipts)
  }

  /// Takes a version of one repository into others, by reference: no bytes move, and origin, status
  /// and revision are those of the source.
  ///
  /// A repository whose package blocks what lies upstream takes nothing.
  /// - Returns: nil when the version is gone, or no longer what its caller saw.
  package func retain(
    _ version: VersionRecord,
    in repositories: [RepositoryID],
    restrictionsWhenNew: OriginRestrictions,
    at time: Timestamp
  ) throws(CatalogError) -> VersionArrival.Outcome? {
    let now = try self.version(version.id)
    guard now?.revision == version.revision, now?.status == version.status else { return nil }
    let found = try arrival(of: version.id, restrictionsWhenNew: restrictionsWhenNew)
    guard var arrival = found else { return nil }
    arrival.isFromUpstream = true
    return try record(arrival, into: repositories, at: time)
  }

  private func record(
    _ arrival: VersionArrival,
    into target: ArrivalTarget,
    at time: Timestamp
  ) throws(CatalogError) -> VersionArrival.Receipt {
    let package =
      if let known = target.package {
        known
      } else {
        try insertPackage(of: arrival, in: target.repository, at: time)
      }
    let old = target.version
    let version =
      if let old { old } else { try insertVersion(of: arrival, package: package.id) }
    var stored: [(record: AssetRecord, isNew: Bool)] = []
    for (asset, present) in zip(arrival.assets, target.present) {
      if let present {
        stored.append((present, isNew: false))
      } else {
        let record = try insert(asset, of: version, in: target.repository.domainID)
        stored.append((record, isNew: true))
      }
    }
    let added = stored.filter(\.isNew).map(\.record)
    let settled = try settle(version, with: arrival, hasNewAssets: !added.isEmpty || old == nil)
    if settled != old {
      try journal(
        change(from: old, to: settled, added: added),
        as: .versionRecorded,
        of: settled,
        package,
        in: target.repository,
        assets: added,
        at: time
      )
    }
    return VersionArrival.Receipt(
      repositoryID: target.repository.id,
      version: settled,
      assets: stored
    )
  }

  func insertPackage(
    of arrival: VersionArrival,
    in repository: RepositoryRecord,
    at time: Timestamp
  ) throws(CatalogError) -> PackageRecord {
    try connection.requiredRow(
      PackageStatements.insert,
      [
        .id(repository.id), .text(arrival.package.format.rawValue),
        .text(arrival.package.namespace ?? ""), .text(arrival.package.name),
        .text(arrival.displayName), .text(arrival.restrictionsWhenNew.publish.rawValue),
        .text(arrival.restrictionsWhenNew.upstream.rawValue), .time(time),
      ],
      PackageRecord.init
    )
  }

  private func insertVersion(
    of arrival: VersionArrival,
    package: PackageID
  ) throws(CatalogError) -> VersionRecord {
    let id: VersionID = try connection.requiredRow(
      VersionStatements.insert,
      [
        .id(package), .text(arrival.version), .text(arrival.displayName),
        .text(arrival.status.rawValue), .text(""), .text(arrival.origin.type.rawValue),
        .text(arrival.origin.name), .time(arrival.publishedAt), .text(arrival.metadata),
      ]
    ) { row throws(CatalogError) in try row.id(0) }
    return try connection.requiredRow(VersionStatements.byID, [.id(id)], VersionRecord.init)
  }

  func insert(
    _ asset: VersionArrival.Asset,
    of version: VersionRecord,
    in domain: DomainID
  ) throws(CatalogError) -> AssetRecord {
    let digests = asset.digests
    let record = try connection.requiredRow(
      AssetStatements.insert,
      [
        .id(version.id), .id(version.packageID), .text(asset.name), .integer(asset.byteCount),
        .bytes(digests.sha256.bytes), .bytes(digests.md5), .bytes(digests.sha1),
        .bytes(digests.sha512), asset.attachment.map { .bytes($0.key.bytes) } ?? .null,
        asset.attachment.map { .integer($0.byteCount) } ?? .null, .time(asset.uploadedAt),
        .text(asset.attributes),
      ],
      AssetRecord.init
    )
    try refer(to: record, in: domain)
    return record
  }

  /// Brings status, metadata and revision of a version up to date with what arrived.
  private func settle(
    _ version: VersionRecord,
    with arrival: VersionArrival,
    hasNewAssets: Bool
  ) throws(CatalogError) -> VersionRecord {
    let becomesPublished = version.status == .unfinished && arrival.status == .published
    let status = becomesPublished ? VersionStatus.published : version.status
    let metadata = version.metadata == "{}" ? arrival.metadata : version.metadata
    guard hasNewAssets || status != version.status || metadata != version.metadata else {
      return version
    }
    let revision = try revision(of: version.id, metadata: metadata)
    return try connection.requiredRow(
      VersionStatements.update,
      [.text(status.rawValue), .text(metadata), .text(revision), .id(version.id)],
      VersionRecord.init
    )
  }

  private func change(
    from old: VersionRecord?,
    to version: VersionRecord,
    added: [AssetRecord]
  ) -> VersionChange {
    VersionChange(
      old == nil ? .created : .updated,
      assetsAdded: added.count,
      metadataUpdated: version.metadata != old?.metadata ?? "{}",
      statusChanged: version.status != old?.status
    )
  }
}

/// What a repository holds already of an arriving version.
private struct ArrivalTarget {
  let repository: RepositoryRecord
  let package: PackageRecord?
  let version: VersionRecord?
  /// For each of the arrival's assets, in its order, the one of that name that is there.
  ///
  /// Not keyed by name: texts that differ in their bytes alone are one key to a dictionary.
  let present: [AssetRecord?]
  let assetCount: Int

  init(
    _ repository: RepositoryRecord,
    _ arrival: VersionArrival,
    _ catalog: CatalogTransaction
  ) throws(CatalogError) {
    self.repository = repository
    self.package = try catalog.package(arrival.package, in: repository.id)
    guard let package, let version = try catalog.version(arrival.version, of: package.id) else {
      self.version = nil
      self.present = arrival.assets.map { _ in nil }
      self.assetCount = 0
      return
    }
    var present: [AssetRecord?] = []
    for asset in arrival.assets {
      present.append(try catalog.asset(asset.name, of: version.id))
    }
    self.version = version
    self.present = present
    self.assetCount = try catalog.assetCount(of: version.id)
  }

  /// Returns why the arrival cannot be recorded here; nil when it can.
  func obstacle(to arrival: VersionArrival) -> VersionArrival.Outcome? {
    if arrival.isFromUpstream, package?.restrictions.upstream == .block {
      return .blocked(repository.id)
    }
    for (asset, present) in zip(arrival.assets, present) {
      guard let present else { continue }
      guard present.digests.sha256 == asset.digests.sha256 else {
        return .conflict(asset: asset.name, existing: present.digests.sha256)
      }
    }
    // Archived and disposed of, a version takes nothing, not even what it has.
    if let version, version.status.isWithdrawn { return .closed(version.status) }
    let newCount = present.count { $0 == nil }
    guard newCount > 0 else { return nil }
    if let version, !arrival.openStatuses.contains(version.status) {
      return .closed(version.status)
    }
    let count = assetCount + newCount
    return count > arrival.assetLimit ? .tooManyAssets(count: count) : nil
  }
}

extension VersionArrival.Asset {
  /// The asset as another repository holds it.
  init(_ record: AssetRecord) {
    self.init(
      name: record.name,
      byteCount: record.byteCount,
      digests: record.digests,
      attachment: record.attachment,
      uploadedAt: record.uploadedAt,
      attributes: record.attributes
    )
  }
}
