import Exchange
import HummingbirdCore
import NIOCore

/// The door's side of a request's body: turns what the connection delivers into plain chunks.
///
/// `@unchecked Sendable`: the iterator is used by one reader at a time, as ``Exchange/RequestBody``
/// demands of its callers.
final class BodySource: @unchecked Sendable {
  private var iterator: HummingbirdCore.RequestBody.AsyncIterator
  private let channel: any Channel
  private var wasAsked = false

  init(_ body: HummingbirdCore.RequestBody, channel: any Channel) {
    self.iterator = body.makeAsyncIterator()
    self.channel = channel
  }

  /// Whether somebody wanted the body, so that the client was told to send it.
  var wasRead: Bool { wasAsked }

  func next() async throws -> [UInt8]? {
    if !wasAsked {
      wasAsked = true
      try await channel.triggerUserOutboundEvent(ConnectionGuard.BodyWanted()).get()
    }
    guard let buffer = try await iterator.next() else { return nil }
    return Array(buffer.readableBytesView)
  }
}
