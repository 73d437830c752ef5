/// Why a repository operation could not be done: one vocabulary for every door.
///
/// A door turns it into its own form by one table over ``Code/allCases``; the message is for a
/// person and says what happened, to what, and what to do.
package struct RepositoryError: Error, Sendable {
  package var code: Code
  package var message: String
  /// What the failure is about, as the API spells it.
  package var resourceID: String?
  package var resourceType: ResourceType?
  /// Goes with ``Code/validation``.
  package var reason: ValidationReason?
  /// How long to wait before asking again; goes with what may pass.
  package var retryAfter: Duration?
  package var cause: (any Error)?

  package init(
    _ code: Code,
    _ message: String,
    resourceID: String? = nil,
    resourceType: ResourceType? = nil,
    reason: ValidationReason? = nil,
    retryAfter: Duration? = nil,
    cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.resourceID = resourceID
    self.resourceType = resourceType
    self.reason = reason
    self.retryAfter = retryAfter
    self.cause = cause
  }

  /// What an operator should read in the log; nil where the client alone is at fault.
  package var logged: String? {
    switch code {
    case .internalFailure, .storageFull, .upstreamUnavailable:
      cause.map { "\(message) (\($0))" } ?? message
    default: nil
    }
  }
}

extension RepositoryError {
  /// A kind of failure.
  ///
  /// A struct around a private enumeration, so that the vocabulary can grow without breaking what
  /// switches over it; ``allCases`` lets a test prove that a door has a row for each.
  package struct Code: Hashable, CaseIterable, Sendable, CustomStringConvertible {
    private enum Kind: String, CaseIterable {
      case accessDenied, conflict, internalFailure, notFound, quotaExceeded, rangeNotSatisfiable
      case storageFull, throttled, tooLarge, unauthenticated, upstreamUnavailable, validation
    }

    private let kind: Kind

    /// The caller is known and may not do this.
    package static let accessDenied = Code(kind: .accessDenied)
    /// What is there stands in the way.
    package static let conflict = Code(kind: .conflict)
    /// The server is at fault.
    package static let internalFailure = Code(kind: .internalFailure)
    package static let notFound = Code(kind: .notFound)
    /// A limit on how many there may be is reached.
    package static let quotaExceeded = Code(kind: .quotaExceeded)
    /// No byte of the asked range exists.
    package static let rangeNotSatisfiable = Code(kind: .rangeNotSatisfiable)
    /// The disk has no room left.
    package static let storageFull = Code(kind: .storageFull)
    /// Too much was asked in too short a time.
    package static let throttled = Code(kind: .throttled)
    /// What was sent is larger than it may be.
    package static let tooLarge = Code(kind: .tooLarge)
    /// The caller is not known.
    package static let unauthenticated = Code(kind: .unauthenticated)
    /// A public registry did not answer, or not usably.
    package static let upstreamUnavailable = Code(kind: .upstreamUnavailable)
    /// The request itself is at fault.
    package static let validation = Code(kind: .validation)

    package static var allCases: [Code] { Kind.allCases.map(Code.init(kind:)) }

    package var description: String { kind.rawValue }
  }

  /// What kind of thing a failure is about (CodeArtifact API 2018-09-22, `ResourceType`).
  package enum ResourceType: String, CaseIterable, Sendable {
    case asset
    case domain
    case package
    case packageVersion = "package-version"
    case repository
  }

  /// What about a request is wrong (CodeArtifact API 2018-09-22, `ValidationExceptionReason`).
  package enum ValidationReason: String, CaseIterable, Sendable {
    case cannotParse = "CANNOT_PARSE"
    case encryptionKeyError = "ENCRYPTION_KEY_ERROR"
    case fieldValidationFailed = "FIELD_VALIDATION_FAILED"
    case other = "OTHER"
    case unknownOperation = "UNKNOWN_OPERATION"
  }
}
