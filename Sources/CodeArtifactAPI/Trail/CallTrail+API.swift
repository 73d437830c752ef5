import Access
import Exchange
import FormatRules

extension CallTrail {
  /// Notes the operation that was called.
  func note(event: String, of service: CallNotes.Service = .codeArtifact) {
    note { notes in
      notes.service = service
      notes.event = event
    }
  }

  /// Notes the parameters of a call, as JSON.
  func note(parameters: [UInt8]) {
    note { $0.parameters = { parameters } }
  }

  /// Notes what a call's address names.
  func note(_ target: TrailTarget) {
    note { notes in
      notes.target = target.resource
      notes.owner = target.owner
      if notes.parameters == nil { notes.parameters = { target.parameters } }
    }
  }

  /// Notes one of the resources that a call is about.
  func note(resource: ARN) {
    note { $0.resources.append(resource) }
  }

  /// Notes why a call failed.
  func note(_ fault: Fault) {
    let failure = CallNotes.Failure(code: fault.exception, message: fault.message)
    note { $0.failure = failure }
  }

  /// Notes what a successful call answered: for calls that changed something, as CloudTrail does,
  /// and never a token.
  func note(reply: Reply) {
    guard !notes.isReadOnly, case .bytes(let bytes) = reply.body else { return }
    note { notes in
      notes.response = { AuditJSON.masked(bytes) }
    }
  }
}

extension IdentityCall {
  /// What records of the audit call it: as IAM does, where IAM has it; policies of users and of
  /// roles are told apart by the call's parameters.
  var eventName: String {
    switch self {
    case .getPolicy: "GetPolicy"
    case .listPolicies: "ListPolicies"
    case .putPolicy: "PutPolicy"
    case .deletePolicy: "DeletePolicy"
    default: action(isRole: false).map { String($0.dropFirst("iam:".count)) } ?? "GetCallerIdentity"
    }
  }
}
