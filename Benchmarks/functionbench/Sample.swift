import Bytes
import Codec

/// Inputs, the same in every run.
enum Sample {
  static let account = "123456789012"

  /// 16 KiB that do not compress.
  static var noise: [UInt8] { (0..<512).flatMap { digest($0).bytes } }

  /// The beginning of a page, 64 KiB.
  static var document: [UInt8] { Array(page(fileCount: 300).prefix(64 << 10)) }

  private static func digest(_ number: Int) -> SHA256Digest {
    SHA256Stream.digest(of: Array("\(number)".utf8).span)
  }

  /// A project's page in JSON (PEP 691).
  static func page(fileCount: Int) -> [UInt8] {
    let files = (0..<fileCount).map { number in
      """
      {"filename":"kit-\(number / 20).\(number % 20).0-py3-none-any.whl","hashes":{"sha256":\
      "\(digest(number).hexadecimal)"},"requires-python":">=3.8","size":\(number * 1_000),\
      "upload-time":"2024-05-01T12:00:00.123456Z",\
      "url":"https://files.test/\(number)/kit.whl","yanked":false}
      """
    }
    let text = """
      {"meta":{"api-version":"1.1"},"name":"kit","files":[\(files.joined(separator: ","))]}
      """
    return Array(text.utf8)
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
