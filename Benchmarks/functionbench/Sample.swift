import Bytes
import Codec

/// Inputs, the same in every run.
enum Sample {
  static let account = "123456789012"

  /// Bytes that do not compress.
  static func noise(_ count: Int) -> [UInt8] {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    return (0..<count).map { _ in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return UInt8(truncatingIfNeeded: state)
    }
  }

  /// A project's page in JSON (PEP 691).
  static func page(fileCount: Int) -> [UInt8] {
    let files = (0..<fileCount).map { number in
      let digest = Hexadecimal.encode(Array(noise(32 + number).suffix(32)))
      return """
        {"filename":"kit-\(number / 20).\(number % 20).0-py3-none-any.whl","hashes":{"sha256":\
        "\(digest)"},"requires-python":">=3.8","size":\(number * 1_000),"upload-time":\
        "2024-05-01T12:00:00.123456Z","url":"https://files.test/\(number)/kit.whl","yanked":false}
        """
    }
    let text = """
      {"meta":{"api-version":"1.1"},"name":"kit","files":[\(files.joined(separator: ","))]}
      """
    return Array(text.utf8)
  }

  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    DeflateCompressor.compress(bytes.span, as: .gzip)
  }

  static func policy(statementCount: Int) -> String {
    let statements = (0..<statementCount).map { number in
      """
      {"Effect":"Allow","Action":["codeartifact:Read*","codeartifact:Describe*"],"Resource":\
      "arn:aws:codeartifact:*:\(account):repository/shop/team-\(number)","Condition":\
      {"StringLike":{"aws:PrincipalArn":"arn:aws:iam::\(account):user/*"}}}
      """
    }
    return #"{"Version":"2012-10-17","Statement":["# + statements.joined(separator: ",") + "]}"
  }
}
