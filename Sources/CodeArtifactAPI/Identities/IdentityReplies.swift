import Access
import Bytes
import Catalog
import FormatRules
import Repository

/// How identities look in replies.
enum IdentityReplies {
  static func account(_ record: AccountRecord) -> JSONValue {
    .members([
      "id": .string(record.id),
      "name": .string(record.name),
      "first": .bool(record.isFirst),
      "createdTime": .time(record.createdAt),
    ])
  }

  static func principal(_ record: PrincipalRecord) -> JSONValue {
    let isRole = record.kind == .role
    return .members([
      "name": .string(record.name),
      "arn": .string(record.arn),
      "id": .string(record.uniqueID),
      "administrator": isRole ? nil : .bool(record.isAdministrator),
      "maxSessionSeconds": isRole ? .integer(record.longestSession) : nil,
      "trustPolicy": .text(record.trustPolicy),
      "tags": strings(record.tags),
      "createdTime": .time(record.createdAt),
    ])
  }

  /// A key that was just made: the one reply that has a secret.
  static func key(_ key: AccessKey) -> JSONValue {
    .members(["id": .string(key.id), "secret": .string(key.secret)])
  }

  static func key(_ record: AccessKeyRecord) -> JSONValue {
    .members([
      "id": .string(record.id),
      "status": .string(record.status.rawValue),
      "createdTime": .time(record.createdAt),
      "lastUsedTime": record.lastUsedAt.map(JSONValue.time),
      "lastUsedService": .text(record.lastUsedService),
    ])
  }

  static func policy(_ record: IdentityPolicyRecord) -> JSONValue {
    .members([
      "name": .string(record.name),
      "builtIn": .bool(record.document == nil),
      "changedTime": .time(record.changedAt),
    ])
  }

  static func provider(_ record: OIDCProviderRecord) -> JSONValue {
    .members([
      "issuer": .string(record.issuer),
      "arn": .string(ARN.provider(record.issuer, account: record.account).description),
      "audiences": .array(record.audiences.map(JSONValue.string)),
      "keyAddress": .text(record.keyAddress),
      "pinned": .bool(record.keySet != nil),
      "createdTime": .time(record.createdAt),
    ])
  }

  /// Never the token itself, which nobody knows; the first digits of its digest tell two apart.
  static func token(_ listed: ListedToken) -> JSONValue {
    .members([
      "id": .string(String(listed.token.digest.hexadecimal.prefix(16))),
      "principal": .string(listed.principal),
      "domain": .string(listed.domain),
      "domainOwner": .string(listed.domainOwner),
      "key": .text(listed.token.accessKeyID),
      "createdTime": .time(listed.token.createdAt),
      "expirationTime": .time(listed.token.expiresAt),
    ])
  }

  static func caller(_ principal: Principal) -> JSONValue {
    .members([
      "account": .string(principal.account),
      "arn": .string(principal.arn),
      "id": .string(principal.userID),
      "administrator": .bool(principal.isAdministrator),
      "key": .text(principal.accessKeyID),
      "tags": strings(principal.tags),
      "expirationTime": principal.session.map { .integer($0.expiresAt) },
    ])
  }

  private static func strings(_ values: [String: String]) -> JSONValue? {
    guard !values.isEmpty else { return nil }
    return .object(values.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
  }
}
