/// Why a call about many versions failed for one of them (CodeArtifact API 2018-09-22,
/// `PackageVersionError`).
package struct VersionFailure: Hashable, Sendable {
  /// `PackageVersionErrorCode`.
  package enum Code: String, CaseIterable, Sendable {
    case alreadyExists = "ALREADY_EXISTS"
    case mismatchedRevision = "MISMATCHED_REVISION"
    case mismatchedStatus = "MISMATCHED_STATUS"
    case notAllowed = "NOT_ALLOWED"
    case notFound = "NOT_FOUND"
    case skipped = "SKIPPED"
  }

  package let code: Code
  package let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

extension VersionFailure {
  static func notFound(_ version: String) -> VersionFailure {
    VersionFailure(.notFound, "Package version \(version) not found")
  }

  static func skipped(_ version: String) -> VersionFailure {
    VersionFailure(.skipped, "Version \(version) was skipped")
  }

  static func mismatchedStatus(current: String, expected: String) -> VersionFailure {
    VersionFailure(
      .mismatchedStatus,
      "current status: \(current), expected status: \(expected)"
    )
  }

  static func mismatchedRevision(current: String, expected: String) -> VersionFailure {
    VersionFailure(
      .mismatchedRevision,
      "current revision: \(current), expected revision: \(expected)"
    )
  }
}
