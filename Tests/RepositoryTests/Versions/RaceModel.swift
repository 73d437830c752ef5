import Catalog

/// What calls do to two repositories that share a package, one after the other.
struct RaceModel: Hashable {
  struct Version: Hashable {
    /// Nil when it was disposed of.
    var blob: UInt64?
    var status: VersionStatus
    /// What it had before it was disposed of, which its revision still tells.
    var lastBlob: UInt64?
  }

  /// The versions of each repository; of one that does not have the package nil.
  var repositories: [String: [String: Version]?] = [:]

  /// Makes the change, and returns what the caller is told.
  mutating func apply(_ call: RaceTests.Call) -> String {
    switch call {
    case .createRepository(let name):
      guard repositories[name] == nil else { return "conflict" }
      repositories[name] = .some(nil)
      return "done"
    case .deleteRepository(let name):
      guard repositories.removeValue(forKey: name) != nil else { return "notFound" }
      return "done"
    case .publish(let name, let version, let blob): return publish(name, version, blob)
    case .copy(let version, let source, let destination, let overwriting):
      return copy(version, source, destination, overwriting)
    case .setStatus(let name, let version, let status, let expected):
      return change(name, version) { held in
        if let expected, held.status != expected { return "MISMATCHED_STATUS" }
        guard held.status != .disposed else { return "NOT_ALLOWED" }
        held.status = status
        return status.rawValue
      }
    case .dispose(let name, let version):
      return change(name, version) { held in
        held = Version(blob: nil, status: .disposed, lastBlob: held.blob ?? held.lastBlob)
        return "Disposed"
      }
    case .delete(let name, let version):
      guard case .some(.some(var versions)) = repositories[name] else { return "notFound" }
      guard versions.removeValue(forKey: version) != nil else { return "NOT_FOUND" }
      repositories[name] = versions
      return "Deleted"
    case .deletePackage(let name):
      guard case .some(.some) = repositories[name] else { return "notFound" }
      repositories[name] = .some(nil)
      return "done"
    }
  }

  private mutating func change(
    _ name: String,
    _ version: String,
    _ body: (inout Version) -> String
  ) -> String {
    guard case .some(.some(var versions)) = repositories[name] else { return "notFound" }
    guard var held = versions[version] else { return "NOT_FOUND" }
    let answer = body(&held)
    versions[version] = held
    repositories[name] = versions
    return answer
  }

  private mutating func publish(_ name: String, _ version: String, _ blob: UInt64) -> String {
    guard let package = repositories[name] else { return "notFound" }
    var versions = package ?? [:]
    if let held = versions[version] {
      guard held.status != .archived, held.status != .disposed, held.blob == blob else {
        return "conflict"
      }
      return held.status.rawValue
    }
    versions[version] = Version(blob: blob, status: .published, lastBlob: nil)
    repositories[name] = versions
    return "Published"
  }

  private mutating func copy(
    _ version: String,
    _ source: String,
    _ destination: String,
    _ overwriting: Bool
  ) -> String {
    guard let from = repositories[source], let to = repositories[destination],
      let versions = from
    else { return "notFound" }
    guard let wanted = versions[version] else { return "NOT_FOUND" }
    guard wanted.status != .disposed else { return "NOT_ALLOWED" }
    var others = to ?? [:]
    if let held = others[version] {
      if held.status != .disposed, held.blob == wanted.blob { return "same" }
      guard overwriting else { return "ALREADY_EXISTS" }
      guard held.status != .disposed else { return "NOT_ALLOWED" }
    }
    others[version] = wanted
    repositories[destination] = others
    return wanted.status.rawValue
  }

  /// The state without what cannot be seen of it.
  private var seen: RaceModel {
    var seen = self
    seen.repositories = repositories.mapValues { package in
      package?.mapValues { version in
        var version = version
        version.lastBlob = nil
        return version
      }
    }
    return seen
  }

  /// Whether the calls, those of each client in its order, can be put into one order in which every
  /// call is answered as it was, and which ends in `last`.
  static func explains(
    _ history: [[(RaceTests.Call, String)]],
    from start: RaceModel,
    to last: RaceModel
  ) -> Bool {
    var dead: Set<Position> = []
    return explains(
      Position(state: start, done: history.map { _ in 0 }),
      history,
      last.seen,
      &dead
    )
  }

  private struct Position: Hashable {
    var state: RaceModel
    /// How many calls of each client are done.
    var done: [Int]
  }

  private static func explains(
    _ position: Position,
    _ history: [[(RaceTests.Call, String)]],
    _ last: RaceModel,
    _ dead: inout Set<Position>
  ) -> Bool {
    if zip(position.done, history).allSatisfy({ $0 == $1.count }) {
      return position.state.seen == last
    }
    guard !dead.contains(position) else { return false }
    for client in history.indices where position.done[client] < history[client].count {
      var next = position
      let (call, answer) = history[client][position.done[client]]
      guard next.state.apply(call) == answer else { continue }
      next.done[client] += 1
      if explains(next, history, last, &dead) { return true }
    }
    dead.insert(position)
    return false
  }
}
