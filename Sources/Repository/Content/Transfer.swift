internal import BlobEngine
internal import Bytes
internal import Catalog

/// The moving part of a flight: bytes from an external source into the engine, taken up again where
/// they broke off, hashed there on the way and verified before anything is committed.
struct Transfer {
  private let plan: FlightPlan
  private let external: any ExternalSource
  private let clock: any DepotClock
  private let attempts: Int
  private let byteLimit: UInt64
  private var received: UInt64 = 0
  private var byteCount: UInt64?
  private var validator: String?

  init(
    _ plan: FlightPlan,
    from external: any ExternalSource,
    clock: any DepotClock,
    options: ContentOptions
  ) {
    self.plan = plan
    self.external = external
    self.clock = clock
    self.attempts = options.transferAttempts
    self.byteLimit = options.assetByteLimit
  }

  /// Opens the file at its beginning and returns the length its source announces, in bytes.
  ///
  /// Where a download was begun already, that is it.
  mutating func open(
    _ start: HeadStart?
  ) async throws(ExternalFailure) -> (ExternalDownload, byteCount: UInt64?) {
    let download: ExternalDownload
    if let start {
      download = try await start.outcome().get()
    } else {
      download = try await external.download(
        plan.address,
        for: plan.connection.rawValue,
        from: 0,
        ifStill: nil
      )
    }
    guard download.byteCount ?? 0 <= byteLimit else {
      download.cancel()
      throw ExternalFailure(
        .unusable,
        "\(plan.fileName) has \(download.byteCount ?? 0) bytes; \(byteLimit) are allowed"
      )
    }
    byteCount = download.byteCount
    validator = download.validator
    return (download, byteCount)
  }

  /// Carries the bytes to `writer` and shows them in `blob`; returns what they hash to.
  ///
  /// Nothing is committed here. A transfer that breaks is taken up again by Range and If-Range when
  /// the source can do that, and otherwise read from the beginning with the known part skipped: the
  /// digest over all of it decides in either case. Where none is promised a beginning is not joined
  /// to an end that may be another file's.
  mutating func carry(
    from opened: ExternalDownload,
    to writer: BlobWriter,
    showing blob: GrowingBlob
  ) async throws(RepositoryError) -> AssetDigests {
    var download = opened
    var failures = 0
    var breaks = 0
    while true {
      let before = received
      guard let failure = try await drain(download, to: writer, showing: blob) else { break }
      download.cancel()
      failures = received > before ? 1 : failures + 1
      breaks += 1
      guard failure.isTransient, failures < attempts, breaks < attempts * 16 else {
        throw RepositoryError(failure)
      }
      download = try await reopen(after: failure, &failures)
    }
    let digests = try verified(try await digests(of: writer))
    if plan.isUnvouched { try await UnvouchedFile(plan, byteCount: received).check(writer) }
    return digests
  }

  private func digests(of writer: BlobWriter) async throws(RepositoryError) -> AssetDigests {
    do { return AssetDigests(try await writer.complete()) } catch {
      throw RepositoryError(storing: plan.fileName, failed: error)
    }
  }

  /// Reads one body to its end; returns what broke it, or nil at its proper end.
  private mutating func drain(
    _ download: ExternalDownload,
    to writer: BlobWriter,
    showing blob: GrowingBlob
  ) async throws(RepositoryError) -> ExternalFailure? {
    var position = download.offset
    while true {
      let chunk: [UInt8]?
      do { chunk = try await download.next() } catch { return error }
      guard let chunk else { return shortfall(at: position) }
      let known = received > position ? Int(min(received - position, UInt64(chunk.count))) : 0
      position += UInt64(chunk.count)
      guard known < chunk.count else { continue }
      let fresh = known == 0 ? chunk : Array(chunk[known...])
      try await take(fresh, to: writer)
      blob.append(fresh)
    }
  }

  private mutating func take(
    _ bytes: [UInt8],
    to writer: BlobWriter
  ) async throws(RepositoryError) {
    received += UInt64(bytes.count)
    guard received <= byteLimit, received <= byteCount ?? .max else {
      throw RepositoryError(
        ExternalFailure(.unusable, "\(plan.fileName) is longer than its source announced")
      )
    }
    do { try await writer.write(bytes) } catch {
      throw RepositoryError(storing: plan.fileName, failed: error)
    }
  }

  private func shortfall(at position: UInt64) -> ExternalFailure? {
    guard let byteCount, position < byteCount else { return nil }
    return ExternalFailure(
      .unreachable,
      "\(plan.fileName) broke off after \(position) of \(byteCount) bytes"
    )
  }

  /// Waits a little, longer each time and never quite as long as the next client, and asks for the
  /// rest.
  private mutating func reopen(
    after failure: ExternalFailure,
    _ failures: inout Int
  ) async throws(RepositoryError) -> ExternalDownload {
    var failure = failure
    while true {
      await clock.sleep(for: Self.pause(before: failures, asked: failure.retryAfter))
      do throws(ExternalFailure) {
        let download = try await external.resume(
          plan.address,
          for: plan.connection.rawValue,
          from: validator == nil ? 0 : received,
          ifStill: validator
        )
        guard download.offset <= received, download.byteCount == byteCount || byteCount == nil
        else {
          download.cancel()
          throw ExternalFailure(.unusable, "\(plan.fileName) changed while it was fetched")
        }
        guard download.offset == received || !plan.isUnvouched else {
          download.cancel()
          throw ExternalFailure(
            .unusable,
            "\(plan.fileName) broke off and could not be taken up again, and no digest would tell "
              + "whether it was still the same file"
          )
        }
        return download
      } catch {
        failure = error
        failures += 1
        guard error.isTransient, failures < attempts else { throw RepositoryError(error) }
      }
    }
  }

  private static func pause(before attempt: Int, asked: Duration?) -> Duration {
    let step = Duration.milliseconds(200 << min(attempt, 5))
    let jittered = step * Double.random(in: 0.5...1)
    return max(jittered, min(asked ?? .zero, .seconds(10)))
  }

  private func verified(_ digests: AssetDigests) throws(RepositoryError) -> AssetDigests {
    if let algorithm = plan.brokenPromise(by: digests) {
      throw RepositoryError(
        ExternalFailure(
          .unusable,
          "\(plan.fileName) does not have the \(algorithm) digest that its index promises; "
            + "nothing was kept"
        )
      )
    }
    return digests
  }
}
