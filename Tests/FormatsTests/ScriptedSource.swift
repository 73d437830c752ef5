import Repository
import Synchronization

/// A public index that answers what a test tells it to.
final class ScriptedSource: ExternalSource {
  static let base = "https://index.test/simple/"

  private struct State {
    var pages: [String: String] = [:]
    var files: [String: [UInt8]] = [:]
    var isDown = false
    var downloads: [String] = []
  }

  private let state = Mutex(State())

  /// The addresses of the files that were fetched.
  var downloads: [String] { state.withLock(\.downloads) }

  func setPage(_ project: String, json: String) {
    state.withLock { $0.pages["\(Self.base)\(project)/"] = json }
  }

  /// Offers a document of any registry, by its whole address.
  func setDocument(_ address: String, _ text: String) {
    state.withLock { $0.pages[address] = text }
  }

  func setFile(_ address: String, _ bytes: [UInt8]) {
    state.withLock { $0.files[address] = bytes }
  }

  func goDown() {
    state.withLock { $0.isDown = true }
  }

  func address(of connection: String) -> String? { Self.base }

  func document(_ request: ExternalRequest) async throws(ExternalFailure) -> ExternalAnswer {
    let (page, isDown) = state.withLock { ($0.pages[request.address], $0.isDown) }
    guard !isDown else { throw ExternalFailure(.unreachable, "index.test does not answer") }
    guard let page else { return .absent }
    return .found(
      ExternalDocument(
        address: request.address,
        contentType: "application/vnd.pypi.simple.v1+json",
        bytes: Array(page.utf8)
      )
    )
  }

  func download(
    _ address: String,
    for connection: String,
    from offset: UInt64,
    ifStill validator: String?
  ) async throws(ExternalFailure) -> ExternalDownload {
    let (file, isDown) = state.withLock { state in
      state.downloads.append(address)
      return (state.files[address], state.isDown)
    }
    guard !isDown else { throw ExternalFailure(.unreachable, "index.test does not answer") }
    guard let file else { throw ExternalFailure(.absent, "\(address) is not there") }
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
      cancel: {}
    )
  }
}
