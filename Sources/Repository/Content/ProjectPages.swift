internal import Bytes
internal import Catalog
internal import FormatRules
internal import Synchronization

/// A merged project, ready to be served: made once for each state of what it was made from.
final class MergedProject: Sendable {
  let page: SimplePage
  let stamp: SHA256Digest
  let files: [String: MergedFile]
  /// Whether any place knows the project at all; a project may have no files.
  let isKnown: Bool
  let sources: ProjectSources
  /// What cool-downs left out and why; nil when none applies.
  let filter: CoolDownFilter?
  fileprivate let externals: [ExternalPage.Identity?]

  init(
    page: SimplePage,
    stamp: SHA256Digest,
    files: [String: MergedFile],
    isKnown: Bool,
    sources: ProjectSources,
    externals: [ExternalPage.Identity?],
    filter: CoolDownFilter?
  ) {
    self.page = page
    self.stamp = stamp
    self.files = files
    self.isKnown = isKnown
    self.sources = sources
    self.externals = externals
    self.filter = filter
  }

  /// Whether nothing that was left out has opened since.
  func isCurrent(at clock: any DepotClock) -> Bool {
    guard let opening = filter?.nextOpening else { return true }
    return clock.now() < opening
  }
}

/// The memory of searches and merges, bounded by the number of files in them.
final class ProjectPages: Sendable {
  struct Key: Hashable {
    let repository: RepositoryID
    let project: String
  }

  /// One reading of rows: whoever wants the same may share it.
  struct Reading: Hashable {
    let key: Key
    let mark: Epochs.Mark
  }

  /// One merge: whoever wants the same may share it.
  struct Making: Hashable {
    let key: Key
    let sources: ObjectIdentifier
    let externals: [ExternalPage.Identity?]
  }

  private struct State {
    var sources: TwoGenerationCache<Key, ProjectSources>
    var merged: TwoGenerationCache<Key, MergedProject>
  }

  private let state: Mutex<State>

  init(budget: Int) {
    state = Mutex(
      State(
        sources: TwoGenerationCache(budget: budget),
        merged: TwoGenerationCache(budget: budget)
      )
    )
  }

  /// What the search for a project found, when rows have not changed since.
  func sources(_ key: Key, at mark: Epochs.Mark) -> ProjectSources? {
    state.withLock { state in
      guard let sources = state.sources.value(for: key) else { return nil }
      return sources.mark == mark ? sources : nil
    }
  }

  func keep(_ sources: ProjectSources, as key: Key) {
    state.withLock { $0.sources.insert(sources, for: key, cost: sources.cost) }
  }

  /// The merge of exactly these sources and external pages, when it is remembered.
  func merged(
    _ key: Key,
    of sources: ProjectSources,
    _ externals: [ExternalPage.Identity?]
  ) -> MergedProject? {
    state.withLock { state in
      guard let merged = state.merged.value(for: key) else { return nil }
      return merged.sources === sources && merged.externals == externals ? merged : nil
    }
  }

  func keep(_ merged: MergedProject, as key: Key) {
    state.withLock { $0.merged.insert(merged, for: key, cost: 1 + merged.files.count) }
  }
}
