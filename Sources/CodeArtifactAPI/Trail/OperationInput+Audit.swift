import FormatRules

extension OperationInput {
  /// How parameters of the query are called in records of CloudTrail, where that is not their own
  /// name in camel case.
  private static let auditNames = [
    "asset": "assetName", "domain": "domainName", "duration": "durationSeconds",
    "format": "packageFormat", "namespace": "packageNamespace", "package": "packageName",
    "repository": "repositoryName", "source-repository": "sourceRepositoryName",
    "destination-repository": "destinationRepositoryName", "version": "packageVersion",
    "revision": "packageVersionRevision",
  ]
  /// The other parameters that the model has in a query.
  ///
  /// What is in neither list is not written: a signature may stand in a query.
  private static let otherNames: Set<String> = [
    "administrator-account", "domain-owner", "endpointType", "external-connection", "max-results",
    "originRestrictionType", "originType", "package-group", "package-prefix", "packageGroup",
    "policy-revision", "prefix", "preview", "publish", "repository-prefix", "resourceArn", "sortBy",
    "status", "unfinished", "upstream",
  ]

  /// The members that bodies of calls have, by the model and by our own calls.
  ///
  /// What is not among them is not written: nobody knows what it is. Keys of identity providers are
  /// left out as well; people confuse the halves of pairs.
  private static let bodyNames: Set<String> = [
    "account", "active", "addAllowedRepositories", "administrator", "allowOverwrite", "audiences",
    "contactInfo", "coolDown", "description", "document", "domain", "domainOwner", "encryptionKey",
    "expectedStatus", "freshness", "includeFromUpstream", "issuer", "key", "keyAddress",
    "maxResults", "maxSessionSeconds", "name", "nextToken", "offline", "packageGroup",
    "policyDocument", "policyRevision", "principal", "removeAllowedRepositories", "restrictions",
    "role", "tagKeys", "tags", "targetStatus", "trustPolicy", "upstreams", "user",
    "versionRevisions", "versions",
  ]

  /// The call's parameters as one JSON object, by their names in records of CloudTrail.
  var auditParameters: [UInt8] {
    var members = Self.members(of: parameters)
    let taken = Set(members.map(\.name))
    for member in wholeBody.members ?? [] where Self.bodyNames.contains(member.name) {
      let name = Self.auditNames[member.name] ?? member.name
      if !taken.contains(name) { members.append(.init(name, member.value)) }
    }
    return AuditJSON.bounded(.object(members))
  }

  /// The parameters of a query alone.
  static func auditParameters(of query: [String: String]) -> [UInt8] {
    AuditJSON.bounded(.object(members(of: query)))
  }

  private static func members(of query: [String: String]) -> [JSONValue.Member] {
    query.sorted(by: { $0.key < $1.key }).compactMap { name, value in
      if let known = auditNames[name] { return .init(known, .string(value)) }
      return otherNames.contains(name) ? .init(camelCased(name), .string(value)) : nil
    }
  }

  private static func camelCased(_ name: String) -> String {
    let words = name.split(separator: "-")
    return words.dropFirst().reduce(String(words.first ?? "")) { text, word in
      text + word.prefix(1).uppercased() + word.dropFirst()
    }
  }
}

extension AuditJSON {
  /// Writes an object without its secrets, or a note in place of one that is too long.
  static func bounded(_ value: JSONValue) -> [UInt8] {
    let bytes = masked(value).bytes
    return bytes.count <= longestParameters ? bytes : omitted(bytes.count)
  }

  /// Parameters wait in memory until they are written; the longest that the model allows in
  /// earnest is a policy of 7168 characters.
  private static let longestParameters = 16 << 10
}
