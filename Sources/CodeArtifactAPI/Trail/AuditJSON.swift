import Access
import FormatRules

/// What of a call's JSON is written into the audit.
enum AuditJSON {
  /// What stands in place of a secret, as in CloudTrail.
  static let hidden = "HIDDEN_DUE_TO_SECURITY_REASONS"
  /// The longest object that is written whole, in bytes: CloudTrail leaves out longer ones too.
  private static let longest = 100 << 10
  /// Members whose values are credentials.
  private static let secrets: Set<String> = [
    "authorizationToken", "password", "secret", "secretAccessKey", "sessionToken",
    "webIdentityToken",
  ]

  /// Returns an object without its secrets, or a note in place of one that is too long; `null` for
  /// what is no object.
  static func masked(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count <= longest else { return omitted(bytes.count) }
    guard let value = try? JSONReader.read(bytes), value.members != nil else {
      return Array("null".utf8)
    }
    return masked(value).bytes
  }

  static func omitted(_ byteCount: Int) -> [UInt8] {
    JSONValue.members(["omitted": .bool(true), "originalSize": .integer(Int64(byteCount))]).bytes
  }

  static func masked(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let members):
      .object(
        members.map { member in
          let isSecret = secrets.contains(member.name) && member.value != .null
          return JSONValue.Member(member.name, isSecret ? .string(hidden) : masked(member.value))
        }
      )
    case .array(let values): .array(values.map(masked))
    case .string(let text) where text.contains(AccessToken.prefix): .string(hidden)
    default: value
    }
  }
}
