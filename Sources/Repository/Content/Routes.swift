internal import Catalog
internal import Synchronization

/// The way from a request to a blob without SQL (design decision 5): domains by name, repositories
/// by name, files of a package by name, all in memory and bounded.
///
/// The journal keeps it true: each committed change tells what it touched before the call that made
/// it returns (design decision 17).
final class Routes: Sendable {
  fileprivate struct DomainKey: Hashable {
    let owner: String
    let name: String
  }

  /// One reading of a domain's map: whoever wants the same may share it, since nothing that was
  /// answered before it was asked for is missing in it.
  struct Reading: Hashable, Sendable {
    fileprivate let domain: DomainKey
    fileprivate let changeCount: UInt64
  }

  private struct FileKey: Hashable {
    let repository: RepositoryID
    let package: String
    let file: String
  }

  private struct Route {
    let file: StoredFile
    let mark: Epochs.Mark
  }

  private struct State {
    var epochs = Epochs()
    /// How often anything larger than a package has changed.
    var domainChangeCount: UInt64 = 0
    var domains: [DomainKey: DomainMap] = [:]
    var files: TwoGenerationCache<FileKey, Route>
    /// Files that rows did not have when they were read.
    var absences = TwoGenerationCache<FileKey, Epochs.Mark>(budget: Routes.absenceCapacity)
  }

  /// How many absences are remembered: those of files that crowds wait for at one time.
  private static let absenceCapacity = 10_000

  private let state: Mutex<State>

  init(capacity: Int) {
    state = Mutex(State(files: TwoGenerationCache(budget: capacity)))
  }

  /// The map of a domain, when it is in memory.
  func map(owner: String, domain: String) -> DomainMap? {
    state.withLock { $0.domains[DomainKey(owner: owner, name: domain)] }
  }

  /// The reading that a domain's map would have now.
  func reading(owner: String, domain: String) -> Reading {
    let count = state.withLock(\.domainChangeCount)
    return Reading(domain: DomainKey(owner: owner, name: domain), changeCount: count)
  }

  /// The mark to take before a domain's map is read.
  func mark(_ domain: DomainID) -> Epochs.Mark {
    state.withLock { $0.epochs.mark(domain, "") }
  }

  /// The mark to take before anything of a package is read with the help of a domain's map.
  func mark(_ map: DomainMap, _ package: String) -> Epochs.Mark {
    state.withLock { $0.epochs.mark(map.id, package, under: map.mark) }
  }

  /// Keeps a map, unless its domain has changed since it was read.
  func keep(_ map: DomainMap) {
    let domain = map.graph.domain
    state.withLock { state in
      guard state.epochs.mark(domain.id, "") == map.mark else { return }
      state.domains[DomainKey(owner: domain.owner, name: domain.name)] = map
    }
  }

  /// Looks a file up: the hit path.
  func file(
    _ name: String,
    of package: String,
    in repository: RepositoryID,
    _ domain: DomainID
  ) -> StoredFile? {
    let key = FileKey(repository: repository, package: package, file: name)
    return state.withLock { state in
      guard let route = state.files.value(for: key) else { return nil }
      guard route.mark == state.epochs.mark(domain, package) else {
        state.files.remove(key)
        return nil
      }
      return route.file
    }
  }

  /// Remembers where a file is, as found after `mark` was taken.
  func publish(
    _ file: StoredFile,
    as name: String,
    of package: String,
    in repository: RepositoryID,
    readAfter mark: Epochs.Mark
  ) {
    let key = FileKey(repository: repository, package: package, file: name)
    state.withLock { $0.files.insert(Route(file: file, mark: mark), for: key, cost: 1) }
  }

  /// Whether a repository's rows are known not to have a file, and nothing has changed since.
  ///
  /// While a file is on its way, each of a crowd that waits for it would read them: 65 µs a client.
  func isAbsent(
    _ name: String,
    of package: String,
    in repository: RepositoryID,
    at mark: Epochs.Mark
  ) -> Bool {
    let key = FileKey(repository: repository, package: package, file: name)
    return state.withLock { $0.absences.value(for: key) == mark }
  }

  /// Remembers that rows have no such file, as found after `mark` was taken.
  func publishAbsence(
    of name: String,
    of package: String,
    in repository: RepositoryID,
    readAfter mark: Epochs.Mark
  ) {
    let key = FileKey(repository: repository, package: package, file: name)
    state.withLock { $0.absences.insert(mark, for: key, cost: 1) }
  }

  /// Takes in what was committed.
  func follow(_ entries: [JournalEntry]) {
    state.withLock { state in
      for entry in entries {
        let package = entry.subject.package
        state.epochs.change(entry.domainID, package?.route)
        if let package { state.epochs.change(entry.domainID, package.format.route) }
        guard package == nil else { continue }
        state.domainChangeCount += 1
        state.domains = state.domains.filter { $0.value.id != entry.domainID }
      }
    }
  }
}

extension PackageCoordinates {
  /// What routes and marks know the package by.
  var route: String { format == .pypi ? name : description }
}

extension PackageFormat {
  /// What marks know all packages of the format by: no package has a slash first and nothing else.
  var route: String { "/\(rawValue)" }
}
