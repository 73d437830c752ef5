import Catalog
import FormatRules
import Repository
import Synchronization

/// All packages of a repository in the terms of NuGet, for searches: kept in memory while nothing
/// that is held has changed, for a minute at most, after which registries may have said more of it
/// and cool-downs may have let more through.
final class NuGetCollections: Sendable {
  struct Key: Hashable {
    let path: RepositoryPath
    let semVer2: Bool
  }

  fileprivate struct Kept: Sendable {
    let packages: [NuGetPackage]
    let state: HeldState
    let madeAt: Timestamp
  }

  fileprivate static let longestAge = Duration.seconds(60)
  /// How many releases all that is kept may have together, of some 2 KB each; a repository with
  /// more is read for each search.
  private static let mostReleases = 20_000

  private struct State {
    var collections: [Key: Kept] = [:]
    var readCount = 0
  }

  private let state = Mutex(State())

  /// How often all packages of a repository have been read since this was made.
  var readCount: Int { state.withLock(\.readCount) }

  func packages(_ key: Key, in state: HeldState, at now: Timestamp) -> [NuGetPackage]? {
    self.state.withLock { memory in
      guard let kept = memory.collections[key], kept.state == state, kept.isFresh(at: now) else {
        return nil
      }
      return kept.packages
    }
  }

  func keep(_ packages: [NuGetPackage], as key: Key, in state: HeldState, at now: Timestamp) {
    self.state.withLock { memory in
      memory.readCount += 1
      var others = memory.collections.filter { $0.key != key && $0.value.isFresh(at: now) }
      let count = others.values.reduce(0) { $0 + $1.releaseCount }
      let kept = Kept(packages: packages, state: state, madeAt: now)
      if count + kept.releaseCount <= Self.mostReleases { others[key] = kept }
      memory.collections = others
    }
  }
}

extension NuGetCollections.Kept {
  fileprivate var releaseCount: Int { packages.reduce(0) { $0 + 1 + $1.releases.count } }

  fileprivate func isFresh(at now: Timestamp) -> Bool {
    now < madeAt + NuGetCollections.longestAge
  }
}
