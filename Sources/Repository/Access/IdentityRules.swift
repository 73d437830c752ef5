internal import Access

/// What names, tags and documents of identities must be like (IAM API reference 2010-05-08).
enum IdentityRules {
  static let keysPerUser = 2
  static let policiesPerPrincipal = 20
  static let policyByteLimit = 10_240
  static let tagLimit = 50
  static let sessionLengths: ClosedRange<Int64> = 3600...43_200

  /// `[\w+=,.@-]+`, as user, role, policy and session names are.
  static func isName(_ text: String, upTo limit: Int) -> Bool {
    (1...limit).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "_+=,.@-".utf8.contains(byte)
        }
      }
  }

  static func checkName(_ text: String, _ what: String, upTo limit: Int) throws(RepositoryError) {
    guard isName(text, upTo: limit) else {
      throw .refused(
        "\(what) has 1 to \(limit) letters, digits or _+=,.@- and not '\(text.prefix(200))'."
      )
    }
  }

  static func checkTags(_ tags: [String: String]) throws(RepositoryError) {
    guard tags.count <= tagLimit else {
      throw .refused("An identity has at most \(tagLimit) tags, not \(tags.count).")
    }
    for (key, value) in tags {
      guard (1...128).contains(key.unicodeScalars.count), value.unicodeScalars.count <= 256 else {
        throw .refused("The tag '\(key.prefix(200))' is too long or has no name.")
      }
    }
    guard Set(tags.keys.map { $0.lowercased() }).count == tags.count else {
      throw .refused("Two tags have names that differ in nothing but case.")
    }
  }

  static func check(_ policy: String, _ kind: PolicyDocument.Kind) throws(RepositoryError) {
    guard policy.utf8.count <= policyByteLimit else {
      throw .refused(
        "A policy has at most \(policyByteLimit) bytes, this one \(policy.utf8.count)."
      )
    }
    do {
      _ = try PolicyDocument(policy, kind: kind)
    } catch {
      throw .refused(error.message, cause: error)
    }
  }
}

extension RepositoryError {
  /// A request about identities that makes no sense.
  static func refused(_ message: String, cause: (any Error)? = nil) -> RepositoryError {
    RepositoryError(.validation, message, reason: .fieldValidationFailed, cause: cause)
  }
}
