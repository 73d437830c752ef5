internal import BlobEngine
internal import Catalog
internal import FormatRules
internal import Synchronization

/// Everything the content side of a depot keeps between requests: routes, pages, what is known of
/// external indexes, and the fetches under way.
package final class ContentState: Sendable {
  let catalog: Catalog
  let scopes: DomainScopes
  let external: any ExternalSource
  let clock: any DepotClock
  let options: ContentOptions
  let quotas: Quotas
  let routes: Routes
  let maps = Joined<Routes.Reading, DomainMap?>()
  let pages: ProjectPages
  let searches = Joined<ProjectPages.Reading, ProjectSources>()
  let merges = Joined<ProjectPages.Making, MergedProject>()
  let shelf: ExternalShelf
  let index: ExternalIndex
  let landing: LandingRows
  let flights: Flights
  let listings: ExternalListings
  let packages: ResolvedPackages
  let held = HeldLists()
  let resolutions = Joined<Resolving, PackageResolution>()
  let packageMerges = Joined<ResolvedPackages.Making, ResolvedPackage>()
  /// What registries are asked behind the answers to clients.
  let errands = Errands()
  /// What is written down behind them, which takes a moment at most.
  let records = Errands()
  let tide: Tide
  let ahead: LookAhead
  let sightings: SightingLog
  let archives: ArchiveReadings
  let restorations: Restorations
  let stretches = BlobStretches()
  let kept: KeptDocumentRows
  let metadataFetches = Joined<MetadataFetch, StoredFile?>()

  /// Whose metadata of which file: when nothing is announced it is cut out of the file, in the
  /// domain's scope.
  struct MetadataFetch: Hashable, Sendable {
    let key: ExternalDocumentKey
    let domain: DomainID
  }

  init(
    catalog: Catalog,
    scopes: DomainScopes,
    external: any ExternalSource,
    clock: any DepotClock,
    options: ContentOptions,
    quotas: Quotas,
    formats: [any ExternalFormat] = []
  ) {
    self.catalog = catalog
    self.scopes = scopes
    self.external = external
    self.clock = clock
    self.options = options
    self.quotas = quotas
    tide = Tide(period: options.gatherPeriod)
    routes = Routes(capacity: options.routeCapacity)
    pages = ProjectPages(budget: options.pageFileCapacity)
    shelf = ExternalShelf(
      catalog: catalog,
      blobs: scopes.plain,
      external: external,
      clock: clock,
      options: options,
      errands: errands,
      tide: tide
    )
    index = ExternalIndex(shelf: shelf, budget: options.pageFileCapacity)
    landing = LandingRows(catalog: catalog, clock: clock, assetLimit: quotas.assetsPerVersion)
    flights = Flights(
      scopes: scopes,
      external: external,
      clock: clock,
      options: options,
      tide: tide,
      land: { [landing] _, file, places in await landing.write(file, at: places) }
    )
    listings = ExternalListings(shelf: shelf, formats: formats, budget: options.pageFileCapacity)
    packages = ResolvedPackages(budget: options.pageFileCapacity)
    ahead = LookAhead(limit: options.aheadLimit)
    sightings = SightingLog(
      catalog: catalog,
      clock: clock,
      records: records,
      tide: tide,
      budget: options.pageFileCapacity
    )
    kept = KeptDocumentRows(catalog: catalog, edition: options.documentEdition, tide: tide)
    archives = ArchiveReadings(scopes: scopes)
    restorations = Restorations(clock: clock, pause: options.negativeFreshness)
    catalog.observe { [routes] entries in routes.follow(entries) }
  }
}
