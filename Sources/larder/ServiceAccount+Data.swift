import Access
import Login
import Server

extension ServiceAccount {
  /// The server that `data` names or, without, the one that the environment does, and else that of
  /// the default data directory.
  init(data: String?, environment: [String: String]) throws {
    if data == nil, let account = ServiceAccount(environment: environment) {
      self = account
      return
    }
    let credentials = try CredentialsFile(directory: data ?? "./larder-data").read()
    let key = AccessKey(id: credentials.accessKeyID, secret: credentials.secretAccessKey)
    self.init(endpoint: credentials.endpoint, key: key, region: credentials.region)
  }
}
