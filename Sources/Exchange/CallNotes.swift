/// What a call was: noted piece by piece while it is answered, for the audit.
///
/// Nothing secret is ever noted: no header but the user agent, no query as it was sent, no token.
package struct CallNotes: Sendable {
  /// The service that was called.
  package enum Service: String, Sendable {
    case codeArtifact = "codeartifact.amazonaws.com"
    /// Users, roles and keys, which this server manages by calls of its own.
    case identities = "iam.amazonaws.com"
    case securityToken = "sts.amazonaws.com"
  }

  /// Who called, as far as it is known.
  package struct Caller: Sendable {
    package var account: String
    package var arn: String
    /// The id of the key that signed, which is no secret; nil for a token of a domain.
    package var accessKeyID: String?
    /// The principal's own id, where it has one beside its name.
    package var id: String?
    /// The name of the role behind a session.
    package var role: String?
    /// When the temporary credentials were made, in seconds since 1970.
    package var issuedAt: Int64?

    package init(
      account: String,
      arn: String,
      accessKeyID: String? = nil,
      id: String? = nil,
      role: String? = nil,
      issuedAt: Int64? = nil
    ) {
      self.account = account
      self.arn = arn
      self.accessKeyID = accessKeyID
      self.id = id
      self.role = role
      self.issuedAt = issuedAt
    }
  }

  /// Why the call failed, by the name that its error has on the control API.
  package struct Failure: Sendable {
    package var code: String
    package var message: String

    package init(code: String, message: String) {
      self.code = code
      self.message = message
    }
  }

  package var service = Service.codeArtifact
  /// The operation's name, or that of the permission a package manager's request exercised.
  package var event: String?
  /// Nil for an anonymous call.
  package var caller: Caller?
  /// What was to be read or changed: names of resources, turned into text when they are written.
  package var resources: [any CustomStringConvertible & Sendable] = []
  /// What the address names, before anything is known of it: the resource of a call that was
  /// refused before it had any.
  package var target: (any CustomStringConvertible & Sendable)?
  /// The account that owns what was called for, where it is known: for anonymous calls.
  package var owner: String?
  /// Whether the parameters and the target are in the path and nowhere else, as those of package
  /// managers are: two calls of one path have the same.
  package var followsFromAddress = false
  /// Makes the JSON object of the call's parameters, when it is written.
  package var parameters: (@Sendable () -> [UInt8])?
  /// Makes the JSON object of what was answered, when it is written; nil writes `null`.
  package var response: (@Sendable () -> [UInt8])?
  package var failure: Failure?

  package init() {}
}

extension CallNotes {
  /// Whether the call only read, by its name, as CloudTrail has it.
  ///
  /// A token is no reading: it is a new credential.
  package var isReadOnly: Bool {
    guard let event else { return true }
    if event == "GetAuthorizationToken" { return false }
    return Self.readingWords.contains { event.hasPrefix($0) }
  }

  /// Whether the call changed something, or handed out credentials: its record must be durable.
  package var leavesSomething: Bool {
    guard isReadOnly, let event else { return !isReadOnly }
    return Self.credentialWords.contains { event.hasPrefix($0) }
  }

  private static let credentialWords = ["AssumeRole", "GetSessionToken"]

  private static let readingWords = ["Read", "Get", "List", "Describe", "Assume", "Unknown"]
}
