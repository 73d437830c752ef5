internal import AsyncHTTPClient
internal import NIOCore
internal import Repository
internal import Synchronization

/// A place in an answer's body: the next bytes are taken from the socket only when asked for.
///
/// `@unchecked Sendable`: the iterator is used by one task at a time, which is what
/// `ExternalDownload` asks of its callers; a second call while one is under way would be theirs.
final class BodyCursor: @unchecked Sendable {
  private var iterator: HTTPClientResponse.Body.AsyncIterator?
  private let name: String
  private let hold: SlotHold

  init(_ body: HTTPClientResponse.Body, of name: String, _ hold: SlotHold) {
    self.iterator = body.makeAsyncIterator()
    self.name = name
    self.hold = hold
  }

  /// Returns the next bytes, or nil at the end.
  func next() async throws(ExternalFailure) -> [UInt8]? {
    try await nextBuffer().map { Array($0.readableBytesView) }
  }

  /// Returns the next bytes where they are, never none, or nil at the end.
  func nextBuffer() async throws(ExternalFailure) -> ByteBuffer? {
    do {
      while let buffer = try await iterator?.next() {
        if buffer.readableBytes > 0 { return buffer }
      }
    } catch {
      close()
      var failure = ExternalFailure(error, of: name)
      if failure.kind == .unreachable {
        failure.message = "\(name): the answer broke off (\(error))"
      }
      throw failure
    }
    close()
    return nil
  }

  /// Lets go of the connection: what is left of the body is not read.
  func close() {
    iterator = nil
    hold.release()
  }
}
