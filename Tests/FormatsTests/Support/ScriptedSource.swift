import Repository
import Synchronization

/// A public registry that answers what a test tells it to.
final class ScriptedSource: ExternalSource {
  /// The address of an index of Python packages, and of whatever else a test does not name.
  static let base = "https://index.test/simple/"

  private struct Answer {
    var bytes: [UInt8]
    var lastModified: String?
  }

  private struct State {
    var answers: [String: Answer] = [:]
    var isDown = false
    var asked: [(address: String, isFile: Bool)] = []
    /// Until this file is asked for no document is answered.
    var awaitedFile: String?
    /// Downloads that were let go before their end, or at it.
    var ended: [String] = []
  }

  private let base: String
  /// The only connection that leads here; nil for all.
  private let connection: String?
  private let contentType: String
  private let state = Mutex(State())

  init(
    base: String = ScriptedSource.base,
    connection: String? = nil,
    contentType: String = "application/vnd.pypi.simple.v1+json"
  ) {
    self.base = base
    self.connection = connection
    self.contentType = contentType
  }

  /// The addresses of the documents that were asked for.
  var documents: [String] { state.withLock { $0.asked.filter { !$0.isFile }.map(\.address) } }

  /// The addresses of the files that were fetched.
  var downloads: [String] { state.withLock { $0.asked.filter(\.isFile).map(\.address) } }

  /// The addresses that were asked for, in order, without the base; `+` marks whole files.
  var requests: [String] {
    state.withLock(\.asked).map { address, isFile in
      (isFile ? "+" : "")
        + (address.hasPrefix(base) ? String(address.dropFirst(base.count)) : address)
    }
  }

  func set(_ address: String, _ bytes: [UInt8], lastModified: String? = nil) {
    state.withLock { $0.answers[address] = Answer(bytes: bytes, lastModified: lastModified) }
  }

  subscript(address: String) -> String {
    get { state.withLock { String(decoding: $0.answers[address]?.bytes ?? [], as: UTF8.self) } }
    set { set(address, Array(newValue.utf8)) }
  }

  func goDown() { state.withLock { $0.isDown = true } }

  func comeBack() { state.withLock { $0.isDown = false } }

  /// Answers for documents only once a file was asked for.
  func holdDocuments(untilFile address: String) {
    state.withLock { $0.awaitedFile = address }
  }

  /// Waits until a download has been let go.
  func letGo(of address: String) async {
    while !state.withLock({ $0.ended.contains(address) }) { await Task.yield() }
  }

  func address(of connection: String) -> String? {
    self.connection ?? connection == connection ? base : nil
  }

  func document(_ request: ExternalRequest) async throws(ExternalFailure) -> ExternalAnswer {
    note(request.address, isFile: false)
    try await awaitFile()
    guard let answer = try answer(request.address) else { return .absent }
    return .found(
      ExternalDocument(
        address: request.address,
        contentType: contentType,
        lastModified: answer.lastModified,
        bytes: answer.bytes
      )
    )
  }

  private func note(_ address: String, isFile: Bool) {
    state.withLock { $0.asked.append((address, isFile)) }
  }

  /// Gives every other task many turns to ask for the file.
  private func awaitFile() async throws(ExternalFailure) {
    guard let file = state.withLock(\.awaitedFile) else { return }
    for _ in 0..<200_000 {
      if downloads.contains(file) { return }
      await Task.yield()
    }
    throw ExternalFailure(.unreachable, "nobody asked for \(file)")
  }

  private func answer(_ address: String) throws(ExternalFailure) -> Answer? {
    let (answer, isDown) = state.withLock { ($0.answers[address], $0.isDown) }
    guard !isDown else { throw ExternalFailure(.unreachable, "\(base) does not answer") }
    return answer
  }

  func download(
    _ address: String,
    for connection: String,
    from offset: UInt64,
    ifStill validator: String?
  ) async throws(ExternalFailure) -> ExternalDownload {
    note(address, isFile: true)
    guard let file = try answer(address)?.bytes else {
      throw ExternalFailure(.absent, "\(address) is not there")
    }
    let position = Mutex(Int(offset))
    return ExternalDownload(
      offset: offset,
      byteCount: UInt64(file.count),
      validator: nil,
      next: { () throws(ExternalFailure) in
        position.withLock { position in
          guard position < file.count else { return nil }
          let end = min(position + 4096, file.count)
          defer { position = end }
          return Array(file[position..<end])
        }
      },
      cancel: { self.state.withLock { $0.ended.append(address) } }
    )
  }
}

extension ScriptedSource {
  func setPage(_ project: String, json: String) { self["\(base)\(project)/"] = json }

  /// Offers a document of any registry, by its whole address.
  func setDocument(_ address: String, _ text: String) { self[address] = text }

  func setFile(_ address: String, _ bytes: [UInt8]) { set(address, bytes) }
}
