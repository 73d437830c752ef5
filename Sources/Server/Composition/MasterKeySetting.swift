/// Where a master key is: `FILE`, `env:NAME` or `aws-kms:ARN@ADDRESS`.
package enum MasterKeySetting: Hashable, Sendable {
  /// A file of 32 bytes.
  case file(String)
  /// A variable of the environment, with 32 bytes in hexadecimal or base 64.
  case environment(String)
  /// A key in AWS's Key Management Service, or in what speaks its protocol.
  case service(keyARN: String, address: String)

  /// Reads a setting.
  ///
  /// - Throws: ``SettingsError`` for what names no place.
  package init(_ text: String) throws(SettingsError) {
    if text.hasPrefix("env:") {
      self = .environment(String(text.dropFirst(4)))
    } else if text.hasPrefix("aws-kms:") {
      let rest = text.dropFirst("aws-kms:".count)
      guard let at = rest.firstIndex(of: "@"), rest.hasPrefix("arn:") else {
        throw SettingsError("master-key", text, expected: "aws-kms:ARN@ADDRESS")
      }
      self = .service(
        keyARN: String(rest[..<at]),
        address: String(rest[rest.index(after: at)...])
      )
    } else if text.isEmpty {
      throw SettingsError("master-key", text, expected: "FILE, env:NAME or aws-kms:ARN@ADDRESS")
    } else {
      self = .file(text)
    }
  }
}
