/// A file on its way from an external source.
package struct ExternalDownload: Sendable {
  /// Where in the file the body begins: what was asked for, or 0 when the source starts over.
  package let offset: UInt64
  /// The length of the whole file in bytes, or nil when the source does not tell.
  package let byteCount: UInt64?
  /// What to send as If-Range to go on with exactly these bytes: a strong ETag or a date.
  ///
  /// Nil when the source cannot resume.
  package let validator: String?
  /// Returns the next bytes, or nil at the end.
  ///
  /// The socket is read only as fast as this is called. A body shorter than announced throws.
  package let next: @Sendable () async throws(ExternalFailure) -> [UInt8]?
  /// Lets go of the connection.
  ///
  /// After it `next` may throw; calling it twice does no harm.
  package let cancel: @Sendable () -> Void

  package init(
    offset: UInt64,
    byteCount: UInt64?,
    validator: String?,
    next: @escaping @Sendable () async throws(ExternalFailure) -> [UInt8]?,
    cancel: @escaping @Sendable () -> Void
  ) {
    self.offset = offset
    self.byteCount = byteCount
    self.validator = validator
    self.next = next
    self.cancel = cancel
  }
}
