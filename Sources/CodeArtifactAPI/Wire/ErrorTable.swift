import HTTPTypes
import Repository

/// What each kind of failure of the repository layer is called on this API.
///
/// Statuses and names are those of the model (2018-09-22). It has no exception for a full disk, a
/// large body or an upstream that does not answer; those take the names that other AWS services
/// give them, which SDKs report by name like any other.
enum ErrorTable {
  struct Row: Sendable {
    let status: HTTPResponse.Status
    let exception: String
    /// Whether the model gives the exception the members `resourceId` and `resourceType`.
    var namesResource = false
  }

  static let rows: [RepositoryError.Code: Row] = [
    .accessDenied: Row(status: .forbidden, exception: "AccessDeniedException"),
    .conflict: Row(status: .conflict, exception: "ConflictException", namesResource: true),
    .internalFailure: internalFailure,
    .notFound: Row(status: .notFound, exception: "ResourceNotFoundException", namesResource: true),
    .quotaExceeded: Row(
      status: .init(code: 402),
      exception: "ServiceQuotaExceededException",
      namesResource: true
    ),
    .rangeNotSatisfiable: Row(
      status: .rangeNotSatisfiable,
      exception: "RequestedRangeNotSatisfiableException"
    ),
    .storageFull: Row(
      status: .init(code: 507),
      exception: "InsufficientStorageException"
    ),
    .throttled: Row(status: .tooManyRequests, exception: "ThrottlingException"),
    .tooLarge: Row(
      status: .contentTooLarge,
      exception: "RequestEntityTooLargeException"
    ),
    .unauthenticated: Row(
      status: .forbidden,
      exception: "UnrecognizedClientException"
    ),
    .upstreamUnavailable: Row(
      status: .serviceUnavailable,
      exception: "ServiceUnavailableException"
    ),
    .validation: Row(status: .badRequest, exception: "ValidationException"),
  ]

  /// What a failure without a row would be; a test proves that there is none.
  static let internalFailure = Row(
    status: .internalServerError,
    exception: "InternalServerException"
  )
}

extension Fault {
  init(_ error: RepositoryError) {
    let row = ErrorTable.rows[error.code] ?? ErrorTable.internalFailure
    self.init(
      status: row.status,
      exception: row.exception,
      // What fails inside names files and tables: that is for the log, not for callers.
      message: error.code == .internalFailure ? Self.failure : error.message,
      resourceID: row.namesResource ? error.resourceID : nil,
      resourceType: row.namesResource ? error.resourceType : nil,
      reason: error.code == .validation ? error.reason ?? .other : nil,
      retryAfterSeconds: Self.seconds(error.retryAfter, code: error.code),
      details: error.logged
    )
  }

  private static let failure =
    "The server failed and has logged why, under the request id of this reply."

  /// Whole seconds, never fewer than asked; throttling always says when to come back.
  private static func seconds(_ wait: Duration?, code: RepositoryError.Code) -> Int64? {
    guard let wait else { return code == .throttled ? 1 : nil }
    let parts = wait.components
    return max(1, parts.attoseconds > 0 ? parts.seconds + 1 : parts.seconds)
  }
}
