package import FormatRules

/// What a reader of the trail wants to see.
package struct AuditFilter: Sendable {
  /// How a call ended.
  package enum Outcome: String, CaseIterable, Sendable {
    /// Refused for who the caller is or for what they may do.
    case denied
    /// Anything else that was not done.
    case failed
    case ok
  }

  private static let refusals: Set<String> = [
    "AccessDenied", "AccessDeniedException", "ExpiredTokenException",
    "IncompleteSignatureException", "InvalidSignatureException",
    "MissingAuthenticationTokenException", "UnrecognizedClientException",
  ]

  /// The first and the last moment, in milliseconds since 1970.
  package var since: UInt64?
  package var until: UInt64?
  /// Part of the caller's name, or an access key's id.
  package var principal: String?
  package var action: String?
  /// Part of a resource's name.
  package var resource: String?
  package var repository: String?
  package var package: String?
  package var outcome: Outcome?
  package var requestID: String?

  package init() {}

  /// Texts that every line which passes contains.
  ///
  /// They are looked for before a line is read as JSON; texts that JSON would escape are left out.
  var needles: [[UInt8]] {
    [principal, action, resource, repository, package, requestID].compactMap(\.self)
      .map { Array($0.utf8) }
      .filter { $0.allSatisfy { (0x20..<0x7F).contains($0) && $0 != 0x22 && $0 != 0x5C } }
  }

  /// Whether a record passes.
  ///
  /// What the trail says of itself passes whatever is asked for, within the time: a search that
  /// finds nothing must not hide that something is missing.
  package func passes(_ record: JSONValue) -> Bool {
    guard isInTime(record) else { return false }
    let event = record["eventName"]?.string
    if record["eventType"]?.string == "AwsServiceEvent" {
      return event == AuditEvent.gapName || isOpen
    }
    let parameters = record["requestParameters"]
    return Self.matches(action, event)
      && Self.matches(requestID, record["requestID"]?.string)
      && (principal.map { isPrincipal($0, in: record["userIdentity"]) } ?? true)
      && (resource.map { part in
        Self.resources(of: record).contains { $0.contains(part) }
      } ?? true)
      && Self.matches(repository, parameters?["repositoryName"]?.string)
      && Self.matches(package, parameters?["packageName"]?.string)
      && (outcome.map { $0 == Self.outcome(of: record) } ?? true)
  }

  /// How the call of a record ended.
  package static func outcome(of record: JSONValue) -> Outcome {
    guard let code = record["errorCode"]?.string else { return .ok }
    return refusals.contains(code) ? .denied : .failed
  }

  /// Whether nothing but a time is asked for.
  private var isOpen: Bool {
    outcome == nil
      && [principal, action, resource, repository, package, requestID].allSatisfy { $0 == nil }
  }

  private func isInTime(_ record: JSONValue) -> Bool {
    guard since != nil || until != nil else { return true }
    guard let time = record["eventTime"]?.string.flatMap({ AuditTime.milliseconds($0) }) else {
      return false
    }
    // Records have whole seconds: the one that a bound lies in belongs to it.
    return time + 999 >= since ?? 0 && time <= until ?? .max
  }

  private func isPrincipal(_ part: String, in identity: JSONValue?) -> Bool {
    let names = ["arn", "accessKeyId", "accountId", "userName"]
    return names.contains { identity?[$0]?.string?.contains(part) ?? false }
  }

  private static func matches(_ wanted: String?, _ value: String?) -> Bool {
    wanted == nil || wanted == value
  }

  private static func resources(of record: JSONValue) -> [String] {
    (record["resources"]?.array ?? []).compactMap { $0["ARN"]?.string }
  }
}
