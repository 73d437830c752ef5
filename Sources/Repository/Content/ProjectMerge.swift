internal import Bytes
internal import Catalog
internal import FormatRules

/// The merge of everything that the search for a Python project found into one page.
///
/// For each version the first place that has it decides: its status says whether the version is
/// listed, downloadable or hidden. Files that later places add to a version are taken in as long as
/// every place so far had it from outside; a version published into the domain is its publisher's
/// alone, and one that is archived or disposed of anywhere gains nothing more (CodeArtifact user
/// guide, "Python package behavior with upstream repositories and external connections").
///
/// Versions are compared as PEP 440 compares them, so that `1.0` and `1.0.0` are one.
struct ProjectMerge {
  private struct Standing {
    /// Which source decided, by its place in the search.
    let source: Int
    let isListed: Bool
    let isDownloadable: Bool
    /// Whether later sources may add files.
    var isOpen: Bool
  }

  private let project: String
  private var standings: [PythonVersion: Standing] = [:]
  private(set) var files: [String: MergedFile] = [:]
  private var order: [String] = []
  private var source = 0
  private var status: ProjectStatus?
  /// Whether any place knows the project, with files or without.
  private(set) var isKnown = false

  init(project: String) {
    self.project = project
  }

  /// Takes in what one repository holds.
  mutating func add(_ releases: [StoredRelease]) {
    source += 1
    isKnown = isKnown || !releases.isEmpty
    for release in releases { add(release) }
  }

  /// Takes in what an external index offers through the connection of one repository, as far as
  /// `isShown` lets it.
  mutating func add(
    _ page: ExternalPage,
    of connection: ExternalConnection,
    at repository: RepositoryID,
    where isShown: (SimpleFile, PythonVersion) -> Bool = { _, _ in true }
  ) {
    source += 1
    isKnown = isKnown || page.page != nil
    status = status ?? page.page?.status
    for (file, version) in page.files where isShown(file, version) {
      add(
        MergedFile.External(connection: connection, repository: repository, file: file),
        version
      )
    }
  }

  private mutating func add(_ release: StoredRelease) {
    let version = PythonVersion(release.record.version)
    if let standing = standings[version], standing.source != source {
      guard standing.isOpen else { return }
      guard release.isOpen, !release.isInternal else {
        standings[version]?.isOpen = false
        return
      }
    } else if standings[version] == nil {
      standings[version] = Standing(
        source: source,
        isListed: release.record.status == .published,
        isDownloadable: release.isOpen,
        isOpen: release.isOpen && !release.isInternal
      )
    }
    guard let standing = standings[version], standing.isDownloadable else { return }
    for asset in release.assets where files[asset.name] == nil {
      insert(
        MergedFile(
          listing: SimpleFile(asset, of: release.record.version),
          version: version,
          place: .stored(release, asset),
          external: nil,
          isListed: standing.isListed
        )
      )
    }
  }

  private mutating func add(_ external: MergedFile.External, _ version: PythonVersion) {
    let standing =
      standings[version]
      ?? Standing(source: source, isListed: true, isDownloadable: true, isOpen: true)
    standings[version] = standing
    guard standing.isOpen else { return }
    let name = external.file.fileName
    if files[name] != nil {
      refresh(name, from: external)
    } else {
      insert(
        MergedFile(
          listing: external.file.listed(under: version.normalized),
          version: version,
          place: .external,
          external: external,
          isListed: standing.isListed
        )
      )
    }
  }

  /// Takes the index's word on what may change without the bytes changing.
  private mutating func refresh(_ name: String, from external: MergedFile.External) {
    guard files[name]?.external == nil else { return }
    files[name]?.external = external
    files[name]?.listing.yank = external.file.yank
    if let url = files[name]?.listing.url, external.file.provenance != nil {
      files[name]?.listing.provenance = url + Provenance.addressEnding
    }
    if files[name]?.listing.coreMetadata == CoreMetadataSibling.none {
      files[name]?.listing.coreMetadata = external.file.coreMetadata
    }
  }

  private mutating func insert(_ file: MergedFile) {
    files[file.listing.fileName] = file
    order.append(file.listing.fileName)
  }

  /// The page of what is listed, in the order of the search.
  func page() -> SimplePage {
    let listed = order.compactMap { files[$0] }.filter(\.isListed)
    var seen: Set<String> = []
    let versions = listed.map(\.version.normalized).filter { seen.insert($0).inserted }
    return SimplePage(
      name: project,
      files: listed.map(\.listing),
      versions: versions,
      status: status
    )
  }
}
