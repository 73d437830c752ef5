extension PolicyDocument {
  /// Reads a policy from its JSON text.
  ///
  /// What IAM refuses is refused: unknown elements, names that appear twice, empty lists, an
  /// element beside its own negation, principals where they cannot be or missing where they must
  /// be.
  ///
  /// - Parameters:
  ///   - text: the document.
  ///   - kind: where it is to stand.
  /// - Throws: ``PolicyFault``, with the first fault's place.
  package init(_ text: String, kind: Kind) throws(PolicyFault) {
    let bytes = Array(text.utf8)
    if let limit = kind.characterLimit, text.unicodeScalars.count > limit {
      let end = text.unicodeScalars.prefix(limit).reduce(0) { $0 + UTF8.width($1) }
      throw LocatedFault(
        path: "",
        offset: end,
        reason: "a policy has at most \(limit) characters, this one \(text.unicodeScalars.count)"
      ).placed(in: bytes)
    }
    do throws(LocatedFault) {
      self = try PolicyReader(kind: kind).document(PolicyJSONReader.read(bytes))
    } catch {
      throw error.placed(in: bytes)
    }
  }
}

/// Makes a policy of its JSON.
struct PolicyReader {
  let kind: PolicyDocument.Kind
  /// Whether the document's version knows variables.
  private(set) var hasVariables = false

  init(kind: PolicyDocument.Kind) {
    self.kind = kind
  }

  func document(_ value: PolicyValue) throws(LocatedFault) -> PolicyDocument {
    let members = try value.members(named: ["Version", "Id", "Statement"], of: "a policy")
    var reader = self
    var version = PolicyDocument.Version.v2008
    if let member = members.first(where: { $0.name == "Version" }) {
      version = try Self.version(member.value)
    }
    reader.hasVariables = version == .v2012
    guard let statement = members.first(where: { $0.name == "Statement" }) else {
      throw value.fault("the policy has no element \"Statement\"")
    }
    let id = members.first { $0.name == "Id" }
    return PolicyDocument(
      kind: kind,
      version: version,
      id: try id.map { member throws(LocatedFault) in try member.value.string() },
      statements: try reader.statements(statement.value)
    )
  }

  private static func version(
    _ value: PolicyValue
  ) throws(LocatedFault) -> PolicyDocument.Version {
    guard let version = PolicyDocument.Version(rawValue: try value.string()) else {
      let known = PolicyDocument.Version.allCases.map(\.rawValue).joined(separator: " or ")
      throw value.fault("the version is \(known)")
    }
    return version
  }

  /// One statement, or a list of them; no two have the same name.
  private func statements(_ value: PolicyValue) throws(LocatedFault) -> [PolicyStatement] {
    var statements: [PolicyStatement] = []
    for element in try value.oneOrMore() {
      let statement = try self.statement(element)
      if let sid = statement.sid, !sid.isEmpty, statements.contains(where: { $0.sid == sid }) {
        throw element.fault("another statement has the Sid \"\(sid)\" already")
      }
      statements.append(statement)
    }
    return statements
  }
}
