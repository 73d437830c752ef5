internal import Bytes
internal import Catalog

/// Writes the rows of external files that have come in.
struct LandingRows {
  let catalog: Catalog
  let clock: any DepotClock
  let assetLimit: Int

  /// Writes rows at each place.
  ///
  /// A place that cannot take them (a repository deleted, a version archived or a package closed
  /// meanwhile) is passed over: the clients that wait have been promised bytes, not rows. They do
  /// not wait for the rows' flush either, which is full: rows write the journal, and what was here
  /// once has to be here after a power cut, when its source may be gone.
  func write(_ file: LandedFile, at places: Set<LandingPlace>) async {
    for place in places {
      let arrival = arrival(of: file, at: place)
      let now = clock.now()
      _ = try? await catalog.write { transaction throws(CatalogError) in
        try transaction.record(arrival, into: place.repositories, at: now)
      }
    }
  }

  private func arrival(of file: LandedFile, at place: LandingPlace) -> VersionArrival {
    let now = clock.now()
    return VersionArrival(
      package: place.package,
      displayName: place.displayName,
      isFromUpstream: true,
      restrictionsWhenNew: place.restrictionsWhenNew,
      version: place.version,
      origin: .ingested(externalConnection: place.connection.rawValue),
      publishedAt: now,
      metadata: file.metadata == "{}" ? place.metadata : file.metadata,
      assets: [
        VersionArrival.Asset(
          name: place.fileName,
          byteCount: Int64(file.byteCount),
          digests: file.digests,
          attachment: file.attachment,
          uploadedAt: place.uploadedAt ?? now,
          attributes: place.attributes
        )
      ]
    )
  }
}
