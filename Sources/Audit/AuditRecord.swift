import Access
import Exchange
import FormatRules

/// Writes one call as a record in CloudTrail's form (CloudTrail user guide, "CloudTrail record
/// contents"; for this service, CodeArtifact user guide, "Logging with CloudTrail").
///
/// Pure: the same entry under the same id is the same line.
package struct AuditRecord: Sendable {
  /// The version of the record's form.
  package static let formVersion = "1.05"
  /// The longest error message that is kept, in characters.
  private static let longestMessage = 1000

  private let region: String

  package init(region: String) {
    self.region = region
  }

  /// Returns the record of a call as one line with its end.
  package func line(for entry: AuditEntry, eventID: String) -> [UInt8] {
    let notes = entry.notes
    let event = notes.event ?? "UnknownOperation"
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("eventVersion", Self.formVersion)
    writer.name("userIdentity")
    if let caller = notes.caller {
      AuditIdentity(caller).write(to: &writer)
    } else {
      AuditIdentity.writeAnonymous(to: &writer)
    }
    writer.member("eventTime", AuditTime.text(entry.milliseconds))
    writer.member("eventSource", notes.service.rawValue)
    writer.member("eventName", event)
    writer.member("awsRegion", region)
    writer.member("sourceIPAddress", entry.peer)
    writer.member("userAgent", entry.agent)
    writeFailure(of: entry, to: &writer)
    writer.member("requestParameters", raw: notes.parameters?() ?? Self.null)
    writer.member("responseElements", raw: notes.response?() ?? Self.null)
    writeAdditions(of: entry, to: &writer)
    writer.member("requestID", entry.id)
    writer.member("eventID", eventID)
    writer.name("readOnly")
    writer.bool(notes.isReadOnly)
    writeResources(of: notes, to: &writer)
    writer.member("eventType", "AwsApiCall")
    writer.member("recipientAccountId", notes.caller?.account ?? notes.owner ?? "")
    writer.endObject()
    return (SecretMask.masked(writer.bytes) ?? writer.bytes) + [UInt8(ascii: "\n")]
  }

  private static let null = Array("null".utf8)
  /// What a call is that was answered, and whose answer did not get through.
  static let cutOff = "IncompleteTransfer"

  private func writeFailure(of entry: AuditEntry, to writer: inout JSONWriter) {
    guard entry.status >= 400 else {
      if entry.isCutOff { writer.member("errorCode", Self.cutOff) }
      return
    }
    let failure = entry.notes.failure
    writer.member("errorCode", failure?.code ?? Self.errorCode(of: entry.status))
    guard let message = failure?.message else { return }
    // A signature that does not match is explained with the whole request, on the next lines.
    var text = String(message.prefix { !$0.isNewline }.prefix(Self.longestMessage))
    if entry.notes.caller == nil { text = SecretMask.hidingQuotes(in: text) }
    writer.member("errorMessage", text)
  }

  /// The name that the service gives a failure of this status.
  static func errorCode(of status: Int) -> String {
    switch status {
    case 401: "UnrecognizedClientException"
    case 402: "ServiceQuotaExceededException"
    case 403: "AccessDenied"
    case 404: "ResourceNotFoundException"
    case 409: "ConflictException"
    case 429: "ThrottlingException"
    case 400..<500: "ValidationException"
    case 503: "ServiceUnavailableException"
    default: "InternalServerException"
    }
  }

  private func writeAdditions(of entry: AuditEntry, to writer: inout JSONWriter) {
    writer.name("additionalEventData")
    writer.beginObject()
    writer.member("httpMethod", entry.method)
    writer.member("requestUri", entry.path)
    writer.name("httpStatus")
    writer.number(entry.status)
    writer.name("bytesTransferredOut")
    writer.number(entry.byteCount)
    writer.endObject()
  }

  private func writeResources(of notes: CallNotes, to writer: inout JSONWriter) {
    let resources = notes.resources.isEmpty ? [notes.target].compactMap(\.self) : notes.resources
    guard !resources.isEmpty else { return }
    var seen: Set<String> = []
    writer.name("resources")
    writer.beginArray()
    for resource in resources where seen.insert(resource.description).inserted {
      let text = resource.description
      let arn = ARN(text)
      writer.beginObject()
      if let account = arn?.account, !account.isEmpty { writer.member("accountId", account) }
      writer.member("ARN", text)
      if let type = arn.flatMap(Self.type) { writer.member("type", type) }
      writer.endObject()
    }
    writer.endArray()
  }

  /// The resource's kind, as CloudFormation names it.
  private static func type(of arn: ARN) -> String? {
    switch arn.resource.prefix(while: { $0 != "/" }) {
    case "domain": "AWS::CodeArtifact::Domain"
    case "repository": "AWS::CodeArtifact::Repository"
    case "package": "AWS::CodeArtifact::Package"
    case "package-group": "AWS::CodeArtifact::PackageGroup"
    default: nil
    }
  }
}
