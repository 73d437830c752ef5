/// The full name of a domain's encryption key, from what a caller may give for it.
///
/// AWS takes a key's id, its alias (`alias/…`) or the full name (ARN) of either (CodeArtifact API
/// 2018-09-22, `CreateDomain`); it reports the full name. Larder keeps and reports the name; bytes
/// are not encrypted by it.
struct EncryptionKeyName {
  /// The alias of the key that the service manages itself.
  private static let managed = "alias/aws/codeartifact"
  /// The most characters of a name (API model 2018-09-22, `Arn`): what is given may be as long, and
  /// longer once it is a full name.
  private static let longest = 1011

  let arn: String

  init(_ text: String?, owner: String, region: String) throws(RepositoryError) {
    let text = text ?? Self.managed
    if text.hasPrefix("arn:") {
      let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
      guard parts.count == 6, parts[2] == "kms", Self.isKey(parts[5], orBareID: false) else {
        throw Self.refusal(text)
      }
      self.arn = text
    } else {
      guard Self.isKey(text[...], orBareID: true) else { throw Self.refusal(text) }
      let resource = text.hasPrefix("alias/") || text.hasPrefix("key/") ? text : "key/\(text)"
      self.arn = "arn:aws:kms:\(region):\(owner):\(resource)"
    }
    guard arn.utf8.count <= Self.longest else { throw Self.refusal(text) }
  }

  private static func isKey(_ text: Substring, orBareID bareID: Bool) -> Bool {
    let name =
      if text.hasPrefix("alias/") {
        text.dropFirst(6)
      } else if text.hasPrefix("key/") {
        text.dropFirst(4)
      } else {
        bareID ? text : ""
      }
    return !name.isEmpty && name.utf8.allSatisfy(isNameCharacter)
  }

  /// What key ids and alias names are made of (KMS API, `CreateAlias`).
  private static func isNameCharacter(_ character: UInt8) -> Bool {
    switch character {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "/"):
      true
    default: false
    }
  }

  private static func refusal(_ text: String) -> RepositoryError {
    RepositoryError(
      .validation,
      "'\(text)' names no encryption key; give a key id, an alias (alias/…) or the ARN of either.",
      resourceType: .domain,
      reason: .encryptionKeyError
    )
  }
}
