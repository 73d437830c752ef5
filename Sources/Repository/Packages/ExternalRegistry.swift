package import Catalog
package import FormatRules
internal import Synchronization

/// A public registry as a format reads it: documents by address, whatever the weather.
///
/// Each document is fetched once for any crowd, kept in the store, asked for again when it has
/// aged, and used as it is while the registry is down, slow, or answers 429 or 5xx.
package struct ExternalRegistry: Sendable {
  package let connection: ExternalConnection
  /// The registry's address as configured, with a slash at its end.
  package let base: String
  let shelf: ExternalShelf
  let inquiry: ExternalInquiry
  let reads = RegistryReads()
  var isKnownAbsent: @Sendable () async -> Bool = { false }

  init(
    connection: ExternalConnection,
    address: String,
    shelf: ExternalShelf,
    _ inquiry: ExternalInquiry
  ) {
    self.connection = connection
    self.base = address.hasSuffix("/") ? address : address + "/"
    self.shelf = shelf
    self.inquiry = inquiry
  }

  /// Reads a document.
  ///
  /// - Parameters:
  ///   - address: absolute, or relative to ``base`` (RFC 3986 section 5).
  ///   - accept: the `Accept` header.
  /// - Returns: nil when the registry has none at that address.
  /// - Throws: ``ExternalFailure`` when nothing is known of it and the registry could not be asked.
  package func document(
    _ address: String,
    accept: String = "*/*"
  ) async throws(ExternalFailure) -> RegistryDocument? {
    let read = read(address, accept)
    for _ in 0..<2 {
      let (record, staleness) = try await record(of: read)
      reads.note(read, record, staleness: staleness)
      guard record.status == 200 else { return nil }
      if let bytes = await shelf.bytes(of: record) {
        return RegistryDocument(
          read: read,
          address: record.source,
          contentType: record.contentType ?? "application/octet-stream",
          lastModified: record.lastModified.flatMap { UploadTime(httpDate: $0) },
          bytes: bytes
        )
      }
      shelf.forget(read.key)
    }
    throw ExternalFailure(.unusable, "\(read.address) was kept and cannot be read back")
  }

  /// Begins to ask for a document that is wanted if another one is there, so that the two round
  /// trips are one; a registry that failed lately is not asked ahead.
  ///
  /// Whoever then fails waits for the task before saying so, or it would still be under way when
  /// the client comes back.
  package func anticipate(_ address: String, accept: String = "*/*") -> Task<Void, Never> {
    let read = read(address, accept)
    return Task { [shelf, inquiry] in
      guard shelf.external.isAnswering(read.connection.rawValue) else { return }
      _ = await shelf.finding(read, inquiry)
    }
  }

  /// Whether the registry says that it does not have the file that ``ExternalFormat`` is asked
  /// about, where the file itself is being asked for at the same time.
  package func saysFileIsAbsent() async -> Bool { await isKnownAbsent() }

  /// Takes back what led to a failure: the document that makes no sense or, where the format does
  /// not say which, all that were read.
  ///
  /// - Returns: whether this is the first word of it.
  func takeBack(_ failure: ExternalFailure) async -> Bool {
    var isFirst = false
    for (read, record) in reads.seen where failure.document ?? read == read {
      if await shelf.reject(record, for: failure) { isFirst = true }
    }
    return isFirst
  }

  /// Finds a document without reading it, once it is in the store.
  func kept(_ address: String) async throws(ExternalFailure) -> KeptDocument? {
    let read = read(address, "*/*")
    let (record, staleness) = try await record(of: read)
    reads.note(read, record, staleness: staleness)
    await shelf.arrivals.settle(read.key)
    guard record.status == 200, let blob = record.blob else { return nil }
    return KeptDocument(
      key: blob.key,
      byteCount: UInt64(blob.byteCount),
      staleness: staleness
    )
  }

  private func read(_ address: String, _ accept: String) -> ExternalRead {
    ExternalRead(
      connection: connection,
      address: WebAddress.resolve(address, against: base),
      accept: accept
    )
  }

  private func record(
    of read: ExternalRead
  ) async throws(ExternalFailure) -> (record: ExternalDocumentRecord, staleness: Duration?) {
    let finding = await shelf.finding(read, inquiry)
    if let failure = finding.failure { reads.note(failure, isComplete: finding.record != nil) }
    if let record = finding.record { return (record, finding.staleness) }
    throw finding.failure ?? ExternalFailure(.unreachable, "\(read.address) could not be asked for")
  }
}

/// A document of a public registry.
package struct RegistryDocument: Sendable {
  let read: ExternalRead
  /// Relative links in it count from here.
  package let address: String
  /// The media type without parameters, in lower case.
  package let contentType: String
  /// When the registry last changed it, where it says so.
  package let lastModified: UploadTime?
  package let bytes: [UInt8]

  /// The failure of a reading that can make nothing of this document: it is taken back.
  package func unusable(_ why: String) -> ExternalFailure {
    var failure = ExternalFailure(.unusable, "\(address) cannot be understood: \(why)")
    failure.document = read
    return failure
  }
}

/// Which documents a reading of a registry came from.
final class RegistryReads: Sendable {
  private struct State {
    var seen: [(read: ExternalRead, record: ExternalDocumentRecord)] = []
    var staleness: Duration?
    var isComplete = true
    var failure: ExternalFailure?
  }

  private let state = Mutex(State())

  var seen: [(read: ExternalRead, record: ExternalDocumentRecord)] { state.withLock(\.seen) }
  var staleness: Duration? { state.withLock(\.staleness) }
  /// Whether every document that was wanted could be had.
  var isComplete: Bool { state.withLock(\.isComplete) }

  /// Why a document, or a fresher one, could not be had.
  var failure: ExternalFailure? { state.withLock(\.failure) }

  func note(_ failure: ExternalFailure, isComplete: Bool) {
    state.withLock { state in
      state.failure = state.failure ?? failure
      state.isComplete = state.isComplete && isComplete
    }
  }

  func note(_ read: ExternalRead, _ record: ExternalDocumentRecord, staleness: Duration?) {
    state.withLock { state in
      state.seen.append((read, record))
      if let staleness { state.staleness = max(state.staleness ?? .zero, staleness) }
    }
  }
}
