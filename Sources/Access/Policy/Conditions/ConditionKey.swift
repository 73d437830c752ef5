/// The names of what a request can be asked about: `aws:SourceIp`, `aws:PrincipalTag/team`.
///
/// Names are not case-sensitive (IAM user guide, "AWS global condition context keys"), so that all
/// comparison is of the canonical form, in small letters.
enum ConditionKey {
  static func canonical(_ key: String) -> String { key.lowercased() }

  /// A prefix that says whose key it is, and a name.
  ///
  /// The prefix may be the address of an identity provider: `gitlab.example/oidc:aud`.
  static func isWellFormed(_ key: String) -> Bool {
    let parts = key.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty
      && parts[0].utf8.allSatisfy { byte in
        switch byte.lowercasedASCII {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "/"): true
        default: false
        }
      }
  }

  /// Whether a key, canonical, says the same of every request of a principal.
  static func isOfPrincipal(_ key: String) -> Bool {
    switch key {
    case "aws:username", "aws:userid", "aws:principalarn", "aws:principalaccount",
      "aws:principaltype", "aws:federatedprovider", "aws:tokenissuetime",
      "aws:principalisawsservice", "aws:viaawsservice", "aws:multifactorauthpresent":
      true
    default: key.hasPrefix(principalTag)
    }
  }

  static let principalTag = "aws:principaltag/"
  static let requestTag = "aws:requesttag/"
  static let resourceTag = "aws:resourcetag/"
}
