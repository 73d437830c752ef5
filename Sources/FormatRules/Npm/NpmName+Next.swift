extension NpmName {
  /// The packages that a client most likely asks for after one with this listing: what its latest
  /// version depends on, in the manifest's order.
  ///
  /// What is optional, asked of a peer or only for development is left out, and so is what comes
  /// from another address or under another name.
  package static func likelyNext(after listing: PackageListing) -> [NpmName] {
    guard let latest = listing.attributes["dist-tags"]?["latest"]?.string,
      let version = listing.versions.first(where: { $0.version == latest && $0.isListed }),
      let manifest = NpmManifest(metadata: version.metadata)
    else { return [] }
    return manifest.dependencies
      .filter { $0.kind == .regular && !$0.requirement.contains(":") }
      .compactMap { NpmName($0.name) }
  }
}
