import Bytes
import FormatRules
import Repository
import Synchronization

/// Packages in the terms of NuGet, read from their listings once for each state of these.
///
/// A registration of 10,000 versions has 157 pages, and each leaf is a document too: to read and
/// sort the whole listing for each of them would make a client's first look cost the square.
/// Bounded by releases, in two generations; whoever wants what is being read waits for it.
final class NuGetListings: Sendable {
  /// Which package, as which hive shows it, in which state.
  private struct Key: Hashable {
    let stamp: SHA256Digest
    let hive: NuGetAddresses.Hive
  }

  private struct State {
    var young: [Key: NuGetPackage] = [:]
    var old: [Key: NuGetPackage] = [:]
    var youngCost = 0
    var underWay: [Key: Task<NuGetPackage, Never>] = [:]
    var readCount = 0
  }

  /// How many releases one generation may have; both together have twice as many, of some 2 KB
  /// each.
  private let generationSize: Int
  private let state = Mutex(State())

  init(generationSize: Int = 10_000) {
    self.generationSize = generationSize
  }

  /// How many listings have been read since this was made.
  var readCount: Int { state.withLock(\.readCount) }

  /// The package of a listing.
  func package(_ merged: MergedPackage, _ hive: NuGetAddresses.Hive) async -> NuGetPackage {
    let key = Key(stamp: merged.stamp, hive: hive)
    if let known = known(key) { return known }
    let task = state.withLock { state in
      if let task = state.underWay[key] { return task }
      state.readCount += 1
      let task = Task {
        let package = NuGetPackage(merged.listing, semVer2: hive == .semVer2)
        self.keep(package, key)
        return package
      }
      state.underWay[key] = task
      return task
    }
    return await task.value
  }

  private func known(_ key: Key) -> NuGetPackage? {
    state.withLock { state in
      if let package = state.young[key] { return package }
      guard let package = state.old.removeValue(forKey: key) else { return nil }
      insert(package, key, &state)
      return package
    }
  }

  private func keep(_ package: NuGetPackage, _ key: Key) {
    state.withLock { state in
      state.underWay[key] = nil
      insert(package, key, &state)
    }
  }

  private func insert(_ package: NuGetPackage, _ key: Key, _ state: inout State) {
    let cost = 1 + package.releases.count
    if state.youngCost + cost > generationSize {
      state.old = state.young
      state.young = [:]
      state.youngCost = 0
    }
    state.young[key] = package
    state.youngCost += cost
  }
}
