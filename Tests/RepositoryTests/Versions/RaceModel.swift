import Catalog

/// What calls do to two repositories that share a package, one after the other.
struct RaceModel: Hashable {
  struct Version: Hashable {
    /// Nil when it was disposed of.
    var blob: UInt64?
    var status: VersionStatus

    var isOpen: Bool { status == .published || status == .unlisted }
  }

  struct Package: Hashable {
    var versions: [String: Version] = [:]
    var restrictions: OriginRestrictions
  }

  /// Repositories, and the package as each has it; of one that does not have it nil.
  var repositories: [String: Package?] = [:]
  /// The upstream of each repository that has one.
  var upstreams: [String: String] = [:]
  /// Whether packages of this format are looked for in upstreams at all.
  var isResolved = false
  var isGroupOpen = true

  /// Makes the change, and returns what the caller is told.
  mutating func apply(_ call: RaceCall) -> String {
    switch call {
    case .createRepository(let name):
      guard repositories[name] == nil else { return "conflict" }
      repositories[name] = .some(nil)
      return "done"
    case .deleteRepository(let name):
      guard repositories.removeValue(forKey: name) != nil else { return "notFound" }
      upstreams = upstreams.filter { $0.key != name && $0.value != name }
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
        held = Version(blob: nil, status: .disposed)
        return "Disposed"
      }
    case .delete(let name, let version):
      guard var package = repositories[name] ?? nil else { return "notFound" }
      guard package.versions.removeValue(forKey: version) != nil else { return "NOT_FOUND" }
      repositories[name] = package
      return "Deleted"
    case .deletePackage(let name):
      guard case .some(.some) = repositories[name] else { return "notFound" }
      repositories[name] = .some(nil)
      return "done"
    case .configure(let name, let restrictions):
      guard let package = repositories[name] else { return "notFound" }
      repositories[name] = Package(versions: package?.versions ?? [:], restrictions: restrictions)
      return "done"
    case .openGroup(let isOpen):
      isGroupOpen = isOpen
      return "done"
    case .fetch(let name, let version): return fetch(name, version)
    }
  }

  /// The restrictions of a package whose first version comes in by publishing, or else from
  /// upstream.
  private func restrictionsWhenNew(isOwn: Bool) -> OriginRestrictions {
    guard isGroupOpen else { return OriginRestrictions(publish: .allow, upstream: .allow) }
    return OriginRestrictions(publish: isOwn ? .allow : .block, upstream: isOwn ? .block : .allow)
  }

  private mutating func change(
    _ name: String,
    _ version: String,
    _ body: (inout Version) -> String
  ) -> String {
    guard var package = repositories[name] ?? nil else { return "notFound" }
    guard var held = package.versions[version] else { return "NOT_FOUND" }
    let answer = body(&held)
    package.versions[version] = held
    repositories[name] = package
    return answer
  }

  /// What an upstream would answer a request with that its downstream cannot.
  private func beyond(_ name: String, _ version: String) -> Version? {
    let package = repositories[name] ?? nil
    guard isResolved, package?.restrictions.upstream != .block,
      let held = (upstreams[name].flatMap { repositories[$0] ?? nil })?.versions[version]
    else { return nil }
    return held.isOpen ? held : nil
  }

  private mutating func publish(_ name: String, _ version: String, _ blob: UInt64) -> String {
    guard let known = repositories[name] else { return "notFound" }
    var package = known ?? Package(restrictions: restrictionsWhenNew(isOwn: true))
    guard isGroupOpen, package.restrictions.publish == .allow else { return "accessDenied" }
    if let held = package.versions[version] {
      return held.isOpen && held.blob == blob ? held.status.rawValue : "conflict"
    }
    guard beyond(name, version) == nil else { return "conflict" }
    package.versions[version] = Version(blob: blob, status: .published)
    repositories[name] = package
    return "Published"
  }

  private mutating func copy(
    _ version: String,
    _ source: String,
    _ destination: String,
    _ overwriting: Bool
  ) -> String {
    guard let from = repositories[source], let to = repositories[destination],
      let versions = from?.versions
    else { return "notFound" }
    guard let wanted = versions[version] else { return "NOT_FOUND" }
    guard wanted.status != .disposed else { return "NOT_ALLOWED" }
    var package = to ?? Package(restrictions: restrictionsWhenNew(isOwn: true))
    if let held = package.versions[version] {
      if held.status != .disposed, held.blob == wanted.blob { return "same" }
      guard overwriting else { return "ALREADY_EXISTS" }
      guard held.status != .disposed else { return "NOT_ALLOWED" }
    }
    package.versions[version] = wanted
    repositories[destination] = package
    return wanted.status.rawValue
  }

  private mutating func fetch(_ name: String, _ version: String) -> String {
    guard let known = repositories[name] else { return "notFound" }
    if let held = known?.versions[version] { return held.isOpen ? Self.file(held) : "nothing" }
    guard let found = beyond(name, version) else { return "nothing" }
    var package = known ?? Package(restrictions: restrictionsWhenNew(isOwn: false))
    package.versions[version] = found
    repositories[name] = package
    return Self.file(found)
  }

  static func file(_ version: Version) -> String { "file \(version.blob ?? .max)" }

  /// All that a call may come to: a download whose version changed meanwhile retains nothing.
  func outcomes(of call: RaceCall) -> [(state: RaceModel, answer: String)] {
    var next = self
    let answer = next.apply(call)
    guard case .fetch = call, next != self else { return [(next, answer)] }
    return [(next, answer), (self, answer)]
  }
}
