import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers for packuments, single manifests and searches.
struct NpmDocuments: Sendable {
  /// How many names a search looks through.
  private static let searchedNames = 20_000

  private let depot: Depot
  private let rendered: RenderedDocuments

  init(depot: Depot, rendered: RenderedDocuments) {
    self.depot = depot
    self.rendered = rendered
  }

  /// The packument, full or abbreviated as `Accept` says; always full where the client is about
  /// to write it back.
  ///
  /// One that is kept from before a restart is sent without reading what it was written from.
  func packument(of name: NpmName, _ visit: NpmVisit) async throws(RepositoryError) -> Reply {
    let root = visit.root
    let isBrief = Self.isBrief(visit.request)
    let key = "npm \(isBrief ? "brief" : "full") \(root) \(name)"
    let type = isBrief ? NpmPackument.abbreviatedType : "application/json"
    let kept = try await depot.keptDocuments(of: name.coordinates, in: visit.path)
    if let reply = await Self.reply(visit.request, key, type, from: kept, rendered) { return reply }
    let merged = try await package(name, visit)
    let (depot, path) = (depot, visit.path)
    return await rendered.reply(
      to: visit.request,
      key: key,
      stamp: merged.stamp,
      contentType: type,
      staleness: merged.staleness,
      shelf: DocumentShelf(
        load: { await kept.bytes(of: $0, stamp: merged.stamp) },
        keep: { kept.keep($0, as: $1, of: merged) }
      )
    ) {
      depot.lookAhead(after: merged, in: path) { listing in
        NpmName.likelyNext(after: listing).map(\.coordinates)
      }
      let packument = NpmPackument(merged.listing, of: name, root: root)
      return isBrief ? packument.renderAbbreviated() : packument.renderFull()
    }
  }

  private static func isBrief(_ request: Request) -> Bool {
    let isForWriting = request.target.query?.contains { $0 == ("write", "true") } ?? false
    return !isForWriting && NpmPackument.isAbbreviated(accept: request.headers[values: .accept])
  }

  private static func reply(
    _ request: Request,
    _ key: String,
    _ type: String,
    from kept: KeptDocuments,
    _ rendered: RenderedDocuments
  ) async -> Reply? {
    guard let (stamp, staleness) = await kept.stamp(of: key) else { return nil }
    return await rendered.keptReply(
      to: request,
      key: key,
      stamp: stamp,
      contentType: type,
      staleness: staleness,
      shelf: DocumentShelf(load: { await kept.bytes(of: $0, stamp: stamp) }, keep: { _, _ in })
    )
  }

  /// The manifest of one version, by the version itself or by a tag.
  func manifest(
    _ text: String,
    of name: NpmName,
    _ visit: NpmVisit
  ) async throws(RepositoryError) -> Reply {
    let merged = try await package(name, visit) { listing in
      NpmPackument(listing, of: name, root: visit.root).version(text) != nil
    }
    let root = visit.root
    let packument = NpmPackument(merged.listing, of: name, root: root)
    guard let version = packument.version(text) else {
      throw RepositoryError(
        .notFound,
        "Repository \(visit.path.repository) has no version or tag \(text) of \(name).",
        resourceID: text,
        resourceType: .packageVersion
      )
    }
    return await rendered.reply(
      to: visit.request,
      key: "npm manifest \(root) \(name) \(version)",
      stamp: merged.stamp,
      contentType: "application/json",
      staleness: merged.staleness
    ) { packument.renderManifest(of: version) ?? [] }
  }

  /// Searches the names of the packages that the repository and its upstreams hold; nothing
  /// outside is asked, so that no private word leaves.
  func search(_ visit: NpmVisit) async throws(RepositoryError) -> Reply {
    guard let query = visit.request.target.query else {
      throw RepositoryError(.validation, "The query has a broken percent-escape.")
    }
    let search = NpmSearch(query: query)
    let names = try await depot.packageNames(
      .npm,
      in: visit.path,
      prefix: "",
      limit: Self.searchedNames
    )
    let found = search.matches(names.compactMap { NpmName($0) })
    var packages: [NpmPackument] = []
    for name in found.dropFirst(search.from).prefix(search.size) {
      guard let merged = try await depot.keptPackage(name.coordinates, in: visit.path) else {
        continue
      }
      packages.append(NpmPackument(merged.listing, of: name, root: visit.root))
    }
    let now = UploadTime(microseconds: depot.clock.now().microseconds)
    return .npm(.ok, bytes: NpmSearch.render(packages, total: found.count, now: now))
  }

  /// The package with its versions; what has none to show is not there.
  ///
  /// Where it is not as wanted, registries are asked once more.
  private func package(
    _ name: NpmName,
    _ visit: NpmVisit,
    until isWanted: @Sendable (PackageListing) -> Bool = { _ in true }
  ) async throws(RepositoryError) -> MergedPackage {
    let found = try await depot.package(name.coordinates, in: visit.path, until: isWanted)
    guard let merged = found, merged.listing.versions.contains(where: \.isListed) else {
      throw visit.unknown(name)
    }
    return merged
  }
}
