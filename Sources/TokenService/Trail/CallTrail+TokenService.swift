import Access
import Exchange
import FormatRules

extension CallTrail {
  /// The parameters that are put on record: names and durations, and never a token.
  private static let parameterNames = [
    "AccessKeyId": "accessKeyId", "DurationSeconds": "durationSeconds", "RoleArn": "roleArn",
    "RoleSessionName": "roleSessionName",
  ]

  /// Notes the operation that was called, and with what.
  func note(_ action: TokenAction, _ input: TokenInput) {
    var writer = JSONWriter()
    writer.beginObject()
    for (name, member) in Self.parameterNames.sorted(by: { $0.key < $1.key }) {
      guard let value = input.optional(name) else { continue }
      writer.name(member)
      writer.string(String(value.prefix(2048)))
    }
    writer.endObject()
    let (parameters, role) = (writer.bytes, input.optional("RoleArn").flatMap { ARN($0) })
    note { notes in
      notes.event = action.rawValue
      notes.parameters = { parameters }
      if let role {
        notes.resources.append(role)
        notes.owner = role.account
      }
    }
  }

  /// Notes why the call failed.
  func note(_ fault: TokenFault) {
    let failure = CallNotes.Failure(code: fault.code, message: fault.message)
    note { $0.failure = failure }
  }
}
