import Access
import Exchange
import HTTPTypes
import Repository

extension CallTrail {
  /// Notes what a request is before anything is known of its caller: the permission that its method
  /// exercises, and where.
  func note(
    _ method: HTTPRequest.Method,
    at endpoint: RepositoryEndpoint,
    in region: String
  ) {
    note { notes in
      notes.event = Self.event(of: method).rawValue
      notes.target = TrailRepository(path: endpoint.path, region: region)
      notes.owner = endpoint.path.owner
      notes.followsFromAddress = true
      notes.parameters = { TrailSubject(endpoint).json(at: endpoint) }
    }
  }

  /// Notes a permission that the request turns out to exercise: its record is named by the last one
  /// that is more than reading.
  func note(_ action: Action, on resource: some CustomStringConvertible & Sendable) {
    note { notes in
      if action != .readFromRepository { notes.event = action.rawValue }
      notes.resources.append(resource)
    }
  }

  /// Notes why the request failed, by the name that the control API has for it.
  func note(_ error: RepositoryError) {
    let failure = CallNotes.Failure(code: Self.code(of: error.code), message: error.message)
    note { $0.failure = failure }
  }

  /// What a method asks for where nothing closer is known.
  private static func event(of method: HTTPRequest.Method) -> Action {
    switch method {
    case .get, .head, .options: .readFromRepository
    case .delete: .deletePackageVersions
    default: .publishPackageVersion
    }
  }

  private static func code(of code: RepositoryError.Code) -> String {
    switch code {
    case .accessDenied: "AccessDenied"
    case .conflict: "ConflictException"
    case .notFound: "ResourceNotFoundException"
    case .quotaExceeded: "ServiceQuotaExceededException"
    case .throttled: "ThrottlingException"
    case .unauthenticated: "UnrecognizedClientException"
    case .upstreamUnavailable: "ServiceUnavailableException"
    case .validation, .tooLarge, .rangeNotSatisfiable: "ValidationException"
    default: "InternalServerException"
    }
  }
}

/// A repository's name, spelled out when it is written.
struct TrailRepository: CustomStringConvertible {
  let path: RepositoryPath
  let region: String

  var description: String {
    ARN.repository(path.repository, domain: path.domain, owner: path.owner, region: region)
      .description
  }
}
