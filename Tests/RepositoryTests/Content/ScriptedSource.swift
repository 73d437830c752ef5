import Bytes
import Codec
import FormatRules
import Repository
import Synchronization

/// An external source that does what a test wrote down, and keeps count of what it was asked.
final class ScriptedSource: ExternalSource {
  /// How a document is answered.
  enum Document: Sendable {
    case page(SimplePage, etag: String)
    case bytes([UInt8])
    case failure(ExternalFailure)
  }

  /// How one opening of a file goes.
  enum Step: Sendable {
    /// The rest of the file, in pieces.
    case whole
    /// These many bytes, then a broken connection.
    case broken(after: Int)
    /// Cannot be opened.
    case refused(ExternalFailure)
  }

  struct File: Sendable {
    var bytes: [UInt8]
    var announces = true
    var canResume = true
    /// What the openings do, in order; after the last, `whole`.
    var steps: [Step] = []
    /// Holds bytes from this offset on back until the gate is opened.
    var gate: (offset: Int, gate: Gate)?
  }

  struct Counts: Hashable, Sendable {
    var documents = 0
    var notModified = 0
    var downloads = 0
    var resumed = 0
  }

  private struct State {
    var documents: [String: Document] = [:]
    var files: [String: File] = [:]
    var failure: ExternalFailure?
    var documentGate: Gate?
    var counts = Counts()
    var countsByAddress: [String: Int] = [:]
  }

  static let base = "https://index.test/simple/"
  static let filesBase = "https://files.test/"
  private static let pieceByteCount = 64 << 10

  private let state = Mutex(State())

  var counts: Counts { state.withLock(\.counts) }

  func count(of address: String) -> Int { state.withLock { $0.countsByAddress[address] ?? 0 } }

  /// Sets the page of a project.
  func publish(_ page: SimplePage, etag: String = "\"1\"") {
    state.withLock { $0.documents["\(Self.base)\(page.name)/"] = .page(page, etag: etag) }
  }

  func answer(_ address: String, _ document: Document?) {
    state.withLock { $0.documents[address] = document }
  }

  func serve(_ file: File, at address: String) {
    state.withLock { $0.files[address] = file }
  }

  /// Makes everything fail, or nothing.
  func fail(_ failure: ExternalFailure?) {
    state.withLock { $0.failure = failure }
  }

  /// Makes documents wait.
  func hold(_ gate: Gate?) {
    state.withLock { $0.documentGate = gate }
  }

  func address(of connection: String) -> String? {
    ["public:pypi", "public:crates-io"].contains(connection) ? Self.base : nil
  }

  func document(
    _ request: ExternalRequest
  ) async throws(ExternalFailure) -> ExternalAnswer {
    let gate = state.withLock { state in
      state.counts.documents += 1
      state.countsByAddress[request.address, default: 0] += 1
      return state.documentGate
    }
    await gate?.pass()
    let (failure, document) = state.withLock { ($0.failure, $0.documents[request.address]) }
    if let failure { throw failure }
    switch document {
    case nil: return .absent
    case .failure(let failure): throw failure
    case .bytes(let bytes):
      return .found(
        ExternalDocument(
          address: request.address,
          contentType: "application/octet-stream",
          bytes: bytes
        )
      )
    case .page(let page, let etag):
      guard request.etag != etag else {
        state.withLock { $0.counts.notModified += 1 }
        return .notModified
      }
      return .found(
        ExternalDocument(
          address: request.address,
          contentType: "application/vnd.pypi.simple.v1+json",
          etag: etag,
          bytes: page.renderJSON()
        )
      )
    }
  }

  func download(
    _ address: String,
    for connection: String,
    from offset: UInt64,
    ifStill validator: String?
  ) async throws(ExternalFailure) -> ExternalDownload {
    let (failure, file, step) = state.withLock { state in
      state.counts.downloads += 1
      state.countsByAddress[address, default: 0] += 1
      let step = state.files[address]?.steps.first ?? .whole
      if state.files[address]?.steps.isEmpty == false { state.files[address]?.steps.removeFirst() }
      return (state.failure, state.files[address], step)
    }
    if let failure { throw failure }
    guard let file else { throw ExternalFailure(.absent, "\(address) is not there") }
    if case .refused(let failure) = step { throw failure }
    let start = file.canResume && validator != nil ? Int(offset) : 0
    if start > 0 { state.withLock { $0.counts.resumed += 1 } }
    let cut: Int? = if case .broken(let count) = step { start + count } else { nil }
    let body = Body(file: file, cut: cut, position: start)
    return ExternalDownload(
      offset: UInt64(start),
      byteCount: file.announces ? UInt64(file.bytes.count) : nil,
      validator: file.canResume ? "\"v\"" : nil,
      next: { () async throws(ExternalFailure) in try await body.next() },
      cancel: {}
    )
  }

  private actor Body {
    let file: File
    let cut: Int?
    var position: Int

    init(file: File, cut: Int?, position: Int) {
      self.file = file
      self.cut = cut
      self.position = position
    }

    func next() async throws(ExternalFailure) -> [UInt8]? {
      if let gate = file.gate, position >= gate.offset { await gate.gate.pass() }
      let end = min(cut ?? .max, file.bytes.count)
      if position >= end {
        guard cut == nil else { throw ExternalFailure(.unreachable, "the connection broke") }
        return nil
      }
      let stop = min(end, position + ScriptedSource.pieceByteCount)
      defer { position = stop }
      return Array(file.bytes[position..<stop])
    }
  }
}

/// A door that is shut until someone opens it.
final class Gate: Sendable {
  private let state = Mutex<(isOpen: Bool, waiters: [CheckedContinuation<Void, Never>])>(
    (false, [])
  )

  func pass() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiters.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }

  func open() {
    let waiters = state.withLock { state in
      state.isOpen = true
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns once someone stands before the door.
  func someoneWaits() async {
    while state.withLock(\.waiters.isEmpty) { await Task.yield() }
  }
}
