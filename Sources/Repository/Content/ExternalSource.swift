/// What the repository layer needs of an HTTP client: the way out to public registries.
///
/// One implementation speaks HTTP (`Upstream`); tests script theirs. Retries up to the first byte,
/// concurrency caps, redirects and credentials are the implementation's business; joining clients,
/// caching, verification and resuming a broken body are done here.
package protocol ExternalSource: Sendable {
  /// Returns the address that an external connection such as `public:pypi` points to, with a
  /// trailing slash, or nil when none is known. It may carry user-info; it is never written into
  /// rows or documents.
  func address(of connection: String) -> String?

  /// Whether what a connection leads to has given answers since it last failed.
  ///
  /// While it has not, it is asked only for what is needed now, one thing after the other: an
  /// implementation may let through a single request to find out, and refuse the rest.
  func isAnswering(_ connection: String) -> Bool

  /// Fetches a small document whole, conditionally when validators are given.
  ///
  /// - Throws: ``ExternalFailure`` when the source gave no usable answer. That it has no such
  ///   document is an answer: ``ExternalAnswer/absent``.
  func document(_ request: ExternalRequest) async throws(ExternalFailure) -> ExternalAnswer

  /// Opens a file for streaming from `offset`, in bytes.
  ///
  /// With an offset the source is asked by Range and If-Range (RFC 9110 section 13.1.5), so that a
  /// file that changed in between starts over: look at ``ExternalDownload/offset``.
  ///
  /// - Throws: ``ExternalFailure`` when the source gave no usable answer; one with
  ///   ``ExternalFailure/Kind/absent`` when it has no such file.
  func download(
    _ address: String,
    for connection: String,
    from offset: UInt64,
    ifStill validator: String?
  ) async throws(ExternalFailure) -> ExternalDownload

  /// Opens a file again, to go on with a transfer that broke: as ``download(_:for:from:ifStill:)``,
  /// but that it fails is for the transfer to report, which may try once more.
  func resume(
    _ address: String,
    for connection: String,
    from offset: UInt64,
    ifStill validator: String?
  ) async throws(ExternalFailure) -> ExternalDownload

  /// Takes note that what a source sent was of no use after all: not readable, or not what was
  /// promised.
  ///
  /// An implementation writes one line of it into the log.
  func report(_ failure: ExternalFailure)
}

extension ExternalSource {
  package func isAnswering(_ connection: String) -> Bool { true }

  package func resume(
    _ address: String,
    for connection: String,
    from offset: UInt64,
    ifStill validator: String?
  ) async throws(ExternalFailure) -> ExternalDownload {
    try await download(address, for: connection, from: offset, ifStill: validator)
  }

  package func report(_ failure: ExternalFailure) {}
}
