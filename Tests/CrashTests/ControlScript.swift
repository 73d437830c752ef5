import Foundation

/// A call of the control API, and what it does to the state of the one package that its client has
/// to itself.
struct ControlCall {
  enum Effect {
    case set(String, version: String, status: String)
    case copy(version: String)
    case remove(String, version: String)
    case removePackage(String)
    case createRepository(String)
  }

  let method: String
  let path: String
  let query: [String: String]
  let body: String
  var isUpload = false
  /// The SHA-256 of the body, where it is not `abc`.
  var contentHash: String?
  /// The file with the body, where it is long.
  var bodyFile: String?
  let effect: Effect
}

/// What a client's package looks like: versions by repository, and the repositories it made.
struct ControlState: Equatable {
  var versions: [String: [String: String]] = ["dev": [:], "live": [:]]
  var repositories: Set<String> = []

  mutating func apply(_ effect: ControlCall.Effect) {
    switch effect {
    case .set(let repository, let version, let status): versions[repository]?[version] = status
    case .copy(let version):
      let status = versions["dev"]?[version]
      versions["live"]?[version] = status
    case .remove(let repository, let version): versions[repository]?[version] = nil
    case .removePackage(let repository): versions[repository] = [:]
    case .createRepository(let name): repositories.insert(name)
    }
  }
}

/// What one client does in one round, one call after the other.
struct ControlScript {
  let worker: Int
  let calls: [ControlCall]

  init(round: Int, worker: Int) {
    self.worker = worker
    var calls: [ControlCall] = []
    for number in 0..<40 {
      let version = "\(round).\(number)"
      calls.append(Self.publish(version, worker))
      calls.append(Self.copy(version, worker))
      calls.append(Self.update(version, worker))
      switch number % 3 {
      case 0: calls.append(Self.change("dispose", in: "live", version, worker))
      case 1: calls.append(Self.change("delete", in: "dev", version, worker))
      default: calls.append(Self.create("made-\(worker)-\(round)-\(number)"))
      }
      if number % 16 == 15 { calls.append(Self.deletePackage(worker)) }
    }
    self.calls = calls
  }

  /// What there must be after so many acknowledged calls, and what there may be as well: one more
  /// may have been done and not been acknowledged.
  func states(
    from start: ControlState,
    after count: Int
  ) -> (sure: ControlState, possible: ControlState) {
    var state = start
    for call in calls.prefix(count) { state.apply(call.effect) }
    var next = state
    if count < calls.count { next.apply(calls[count].effect) }
    return (state, next)
  }

  static func package(_ worker: Int, in repository: String) -> [String: String] {
    [
      "domain": "crash", "format": "generic", "namespace": "lab", "package": "kit-\(worker)",
      "repository": repository,
    ]
  }

  static func publish(
    _ version: String,
    _ worker: Int,
    _ body: String = "abc",
    contentHash: String? = nil
  ) -> ControlCall {
    var query = package(worker, in: "dev")
    query["version"] = version
    query["asset"] = "file"
    return ControlCall(
      method: "POST",
      path: "/v1/package/version/publish",
      query: query,
      body: body,
      isUpload: true,
      contentHash: contentHash,
      effect: .set("dev", version: version, status: "Published")
    )
  }

  private static func copy(_ version: String, _ worker: Int) -> ControlCall {
    var query = package(worker, in: "dev")
    query["repository"] = nil
    query["source-repository"] = "dev"
    query["destination-repository"] = "live"
    return ControlCall(
      method: "POST",
      path: "/v1/package/versions/copy",
      query: query,
      body: #"{"versions":["\#(version)"]}"#,
      effect: .copy(version: version)
    )
  }

  private static func update(_ version: String, _ worker: Int) -> ControlCall {
    ControlCall(
      method: "POST",
      path: "/v1/package/versions/update_status",
      query: package(worker, in: "dev"),
      body: #"{"versions":["\#(version)"],"targetStatus":"Unlisted"}"#,
      effect: .set("dev", version: version, status: "Unlisted")
    )
  }

  private static func change(
    _ verb: String,
    in repository: String,
    _ version: String,
    _ worker: Int
  ) -> ControlCall {
    ControlCall(
      method: "POST",
      path: "/v1/package/versions/\(verb)",
      query: package(worker, in: repository),
      body: #"{"versions":["\#(version)"]}"#,
      effect: verb == "dispose"
        ? .set(repository, version: version, status: "Disposed")
        : .remove(repository, version: version)
    )
  }

  static func delete(_ version: String, _ worker: Int) -> ControlCall {
    change("delete", in: "dev", version, worker)
  }

  private static func deletePackage(_ worker: Int) -> ControlCall {
    ControlCall(
      method: "DELETE",
      path: "/v1/package",
      query: package(worker, in: "live"),
      body: "",
      effect: .removePackage("live")
    )
  }

  static func create(_ name: String) -> ControlCall {
    ControlCall(
      method: "POST",
      path: "/v1/repository",
      query: ["domain": "crash", "repository": name],
      body: "",
      effect: .createRepository(name)
    )
  }
}
