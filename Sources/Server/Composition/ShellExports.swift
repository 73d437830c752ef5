/// The lines that make AWS clients in a shell talk to this server.
package struct ShellExports: Sendable {
  private let credentials: Credentials

  package init(credentials: Credentials) {
    self.credentials = credentials
  }

  /// `export NAME='value'` lines, quoted for any POSIX shell.
  package var text: String {
    [
      ("AWS_ENDPOINT_URL_CODEARTIFACT", credentials.endpoint),
      ("AWS_ENDPOINT_URL_STS", credentials.endpoint),
      ("AWS_ACCESS_KEY_ID", credentials.accessKeyID),
      ("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey),
      ("AWS_DEFAULT_REGION", credentials.region),
    ].map { name, value in "export \(name)=\(Self.quoted(value))\n" }.joined()
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
      + "'"
  }
}
