import FormatRules

/// What the trail says of itself: that it was opened, closed, or lacks something.
///
/// In CloudTrail's form for what a service does by itself (`AwsServiceEvent`).
package enum AuditEvent: Sendable {
  case opened
  case closed
  /// Reads that came faster than they could be written: how many, and the times of the first and
  /// last.
  case gap(reads: Int, first: UInt64, last: UInt64)
  /// The server ended without closing the trail: reads of the last moments may be missing, and so
  /// many bytes of a torn line were taken away.
  case unclosed(after: UInt64?, tornByteCount: Int)

  /// What the record's `eventName` is, by which readers find it.
  package var name: String {
    switch self {
    case .opened: "AuditTrailOpened"
    case .closed: "AuditTrailClosed"
    case .gap, .unclosed: Self.gapName
    }
  }

  package static let gapName = "AuditTrailGap"

  /// Returns the event as one line with its end.
  package func line(at milliseconds: UInt64, region: String, eventID: String) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("eventVersion", AuditRecord.formVersion)
    writer.name("userIdentity")
    writer.beginObject()
    writer.member("type", "AWSService")
    writer.member("invokedBy", "codeartifact.amazonaws.com")
    writer.endObject()
    writer.member("eventTime", AuditTime.text(milliseconds))
    writer.member("eventSource", "codeartifact.amazonaws.com")
    writer.member("eventName", name)
    writer.member("awsRegion", region)
    writer.member("eventID", eventID)
    writer.name("readOnly")
    writer.bool(true)
    writer.member("eventType", "AwsServiceEvent")
    writer.name("serviceEventDetails")
    writeDetails(to: &writer)
    writer.endObject()
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  private func writeDetails(to writer: inout JSONWriter) {
    writer.beginObject()
    switch self {
    case .opened, .closed: break
    case .gap(let reads, let first, let last):
      writer.member("reason", "reads came faster than they could be written, or there was no room")
      writer.name("lostReads")
      writer.number(reads)
      writer.member("from", AuditTime.text(first))
      writer.member("to", AuditTime.text(last))
    case .unclosed(let after, let tornByteCount):
      writer.member("reason", "the server ended without closing the trail")
      if let after { writer.member("from", AuditTime.text(after)) }
      writer.name("tornBytes")
      writer.number(tornByteCount)
    }
    writer.endObject()
  }
}
