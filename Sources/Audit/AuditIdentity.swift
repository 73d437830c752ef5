import Access
import Exchange
import FormatRules

/// Who called, as CloudTrail's `userIdentity` element has it (CloudTrail user guide, "CloudTrail
/// userIdentity element"): what kind of principal it is follows from its name.
struct AuditIdentity {
  private enum Kind: Equatable {
    case user(name: String)
    case session(role: String, name: String)
    case root
    case other
  }

  private let caller: CallNotes.Caller
  private let kind: Kind

  init(_ caller: CallNotes.Caller) {
    self.caller = caller
    self.kind = Self.kind(of: caller.arn)
  }

  private static func kind(of text: String) -> Kind {
    guard let arn = ARN(text) else { return .other }
    if arn.resource == "root" { return .root }
    let parts = arn.resource.split(separator: "/").map(String.init)
    switch (parts.first, parts.count) {
    case ("user", 2...): return .user(name: parts[parts.count - 1])
    case ("assumed-role", 3): return .session(role: parts[1], name: parts[2])
    default: return .other
    }
  }

  /// Writes the element's value.
  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("type", type)
    writer.member("principalId", caller.id ?? derivedID)
    writer.member("arn", caller.arn)
    writer.member("accountId", caller.account)
    if let key = caller.accessKeyID { writer.member("accessKeyId", key) }
    switch kind {
    case .user(let name): writer.member("userName", name)
    case .session(let role, _): writeIssuer(role, to: &writer)
    case .root, .other: break
    }
    writer.endObject()
  }

  /// The element of a call that nobody signed.
  static func writeAnonymous(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("type", "AWSAccount")
    writer.member("principalId", "")
    writer.member("accountId", "ANONYMOUS_PRINCIPAL")
    writer.endObject()
  }

  private var type: String {
    switch kind {
    case .user: "IAMUser"
    case .session: "AssumedRole"
    case .root: "Root"
    case .other: "Unknown"
    }
  }

  private var derivedID: String {
    switch kind {
    case .user(let name): name
    case .session(let role, let name): "\(role):\(name)"
    case .root: caller.account
    case .other: caller.arn
    }
  }

  private func writeIssuer(_ role: String, to writer: inout JSONWriter) {
    let id = caller.id.map { $0.prefix { $0 != ":" } }.map(String.init) ?? role
    writer.name("sessionContext")
    writer.beginObject()
    writer.name("sessionIssuer")
    writer.beginObject()
    writer.member("type", "Role")
    writer.member("principalId", id)
    writer.member("arn", caller.role ?? "arn:aws:iam::\(caller.account):role/\(role)")
    writer.member("accountId", caller.account)
    writer.member("userName", role)
    writer.endObject()
    if let issuedAt = caller.issuedAt, issuedAt >= 0 {
      writer.name("attributes")
      writer.beginObject()
      writer.member("creationDate", AuditTime.text(UInt64(issuedAt) * 1000))
      writer.member("mfaAuthenticated", "false")
      writer.endObject()
    }
    writer.endObject()
  }
}

extension JSONWriter {
  /// Writes a member with a string for its value.
  mutating func member(_ name: String, _ value: String) {
    self.name(name)
    string(value)
  }

  /// Writes a member whose value is JSON already.
  mutating func member(_ name: String, raw value: [UInt8]) {
    self.name(name)
    raw(value)
  }
}
