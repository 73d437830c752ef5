import Access
import Catalog
import Repository

extension TokenService {
  /// `GetCallerIdentity`, which nobody can be refused.
  static func identity(of caller: Principal) -> TokenResult {
    var result = TokenResult()
    result.add("Arn", caller.arn)
    result.add("UserId", caller.userID)
    result.add("Account", caller.account)
    return result
  }

  /// `GetAccessKeyInfo`: the account of a key, which the key's name alone does not tell here.
  func keyInfo(_ input: inout TokenInput) async throws(TokenFault) -> TokenResult {
    let id = try input.required("AccessKeyId", 16...128)
    let owner = try await depotCall { () throws(RepositoryError) in
      try await depot.owner(ofAccessKey: id)
    }
    guard let owner else { throw .invalid("Access Key (\(id)) is not valid") }
    var result = TokenResult()
    result.add("Account", owner.account)
    return result
  }
}
