import Catalog
import FormatRules
import Repository
import Synchronization

/// Public registries of one format that a test writes down, each at an address of its own:
/// documents are lines of `version file`, files are found by name, and each registry can be held up
/// or cut off.
final class ManyRegistries: ExternalSource {
  private struct State {
    var documents: [String: String] = [:]
    var files: [String: [UInt8]] = [:]
    var gates: [String: Gate] = [:]
    var failures: [String: ExternalFailure] = [:]
    var asked: [String] = []
    var reports: [ExternalFailure] = []
  }

  private let state = Mutex(State())

  /// The addresses that were asked for, in order; `+` marks whole files.
  var asked: [String] { state.withLock(\.asked) }
  /// What was reported of documents and files that came to nothing.
  var reports: [ExternalFailure] { state.withLock(\.reports) }

  static func base(_ connection: ExternalConnection) -> String {
    "https://\(connection.rawValue.replacing("public:", with: "")).test/"
  }

  func list(_ text: String?, of name: String, on connection: ExternalConnection) {
    state.withLock { $0.documents["\(Self.base(connection))\(name)"] = text }
  }

  func serve(_ bytes: [UInt8]?, as name: String, on connection: ExternalConnection) {
    state.withLock { $0.files["\(Self.base(connection))files/\(name)"] = bytes }
  }

  func hold(_ connection: ExternalConnection, _ gate: Gate?) {
    state.withLock { $0.gates[Self.base(connection)] = gate }
  }

  func fail(_ connection: ExternalConnection, _ failure: ExternalFailure?) {
    state.withLock { $0.failures[Self.base(connection)] = failure }
  }

  func address(of connection: String) -> String? {
    ExternalConnection(rawValue: connection).map(Self.base)
  }

  func document(_ request: ExternalRequest) async throws(ExternalFailure) -> ExternalAnswer {
    let text = try await enter(request.address, mark: "") { $0.documents[request.address] }
    guard let text else { return .absent }
    guard request.etag != text else { return .notModified }
    return .found(
      ExternalDocument(
        address: request.address,
        contentType: "text/plain",
        etag: text,
        bytes: Array(text.utf8)
      )
    )
  }

  func download(
    _ address: String,
    for connection: String,
    from offset: UInt64,
    ifStill validator: String?
  ) async throws(ExternalFailure) -> ExternalDownload {
    guard let bytes = try await enter(address, mark: "+", { $0.files[address] }) else {
      throw ExternalFailure(.absent, "\(address) is not there")
    }
    let rest = Mutex([bytes])
    return ExternalDownload(
      offset: 0,
      byteCount: UInt64(bytes.count),
      validator: nil,
      next: { () throws(ExternalFailure) in rest.withLock { $0.popLast() } },
      cancel: {}
    )
  }

  func report(_ failure: ExternalFailure) {
    state.withLock { $0.reports.append(failure) }
  }

  private func enter<Value: Sendable>(
    _ address: String,
    mark: String,
    _ find: (State) -> Value?
  ) async throws(ExternalFailure) -> Value? {
    let gate = state.withLock { state in
      state.asked.append(mark + address)
      return state.gates.first { address.hasPrefix($0.key) }?.value
    }
    await gate?.pass()
    let (failure, value) = state.withLock { state in
      (state.failures.first { address.hasPrefix($0.key) }?.value, find(state))
    }
    if let failure { throw failure }
    return value
  }
}

/// Reads what ``ManyRegistries`` has; a document that begins with `?` makes no sense.
struct LinesRegistry: ExternalFormat {
  let format = PackageFormat.maven
  /// Whether files are looked for that no line names.
  let findsUnlistedVersions = true

  func canBeCalled(_ package: PackageCoordinates) -> Bool { true }

  func listing(
    of package: PackageCoordinates,
    from registry: ExternalRegistry
  ) async throws(ExternalFailure) -> PackageListing? {
    guard let document = try await registry.document(package.name) else { return nil }
    let text = String(decoding: document.bytes, as: UTF8.self)
    guard !text.hasPrefix("?") else { throw ExternalFailure(.unusable, "no lines") }
    let versions = text.split(separator: "\n").map { ListedVersion(version: String($0)) }
    return PackageListing(name: package.name, versions: versions)
  }

  func file(
    _ name: String,
    of package: PackageCoordinates,
    version: String,
    from registry: ExternalRegistry
  ) async throws(ExternalFailure) -> ListedFile? {
    ListedFile(name: name, address: "\(registry.base)files/\(name)")
  }
}
