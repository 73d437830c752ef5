internal import Access
internal import Catalog

extension NewPrincipal {
  static func user(
    _ name: String,
    account: String,
    isAdministrator: Bool = false,
    tags: [String: String] = [:]
  ) -> NewPrincipal {
    NewPrincipal(
      account: account,
      name: name,
      arn: ARN.user(name, account: account).description,
      uniqueID: uniqueName(.user),
      isAdministrator: isAdministrator,
      tags: tags
    )
  }

  static func role(
    _ name: String,
    account: String,
    trustPolicy: String,
    longestSession: Int64,
    tags: [String: String]
  ) -> NewPrincipal {
    NewPrincipal(
      account: account,
      kind: .role,
      name: name,
      arn: ARN.role(name, account: account).description,
      uniqueID: uniqueName(.role),
      tags: tags,
      trustPolicy: trustPolicy,
      longestSession: longestSession
    )
  }

  private static func uniqueName(_ kind: UniqueName.Kind) -> String {
    UniqueName(kind, random: RandomBytes.make(UniqueName.randomByteCount)).text
  }
}
