import Exchange
import HTTPTypes
import HummingbirdCore
import NIOCore

extension Exchange.Request {
  /// Takes what came through the portable door.
  init(
    _ incoming: HummingbirdCore.Request,
    body: BodySource,
    bases: BaseAddresses,
    channel: any Channel
  ) {
    let announced: UInt64? =
      if let length = incoming.headers[.contentLength] {
        UInt64(length)
      } else {
        incoming.headers[.transferEncoding] == nil ? 0 : nil
      }
    self.init(
      method: incoming.method,
      target: Target(incoming.head.path ?? "/"),
      headers: incoming.headers.withHost(incoming.head.authority),
      body: Exchange.RequestBody(announcedByteCount: announced) { try await body.next() },
      base: bases.base(authority: incoming.head.authority, headers: incoming.headers),
      id: RequestIdentifier.make(),
      peer: bases.client(headers: incoming.headers) ?? channel.remoteAddress?.ipAddress ?? ""
    )
  }
}

extension HTTPFields {
  /// Puts `Host` back among the fields: HTTP Types keeps it as the authority, and signatures
  /// cover it as a header.
  fileprivate func withHost(_ authority: String?) -> HTTPFields {
    guard let authority, let name = HTTPField.Name("Host") else { return self }
    var fields = self
    fields[name] = authority
    return fields
  }
}
