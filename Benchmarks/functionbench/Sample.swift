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

  /// A packument of npm (its versions are 2.4 KB each, as a library with forty dependencies has
  /// them).
  static func packument(versionCount: Int) -> [UInt8] {
    let dependencies = (0..<40).map { #""dependency-\#($0)":"^\#($0).2.0""# }
    let sentence = String(repeating: "A package. ", count: 60)
    let versions = (0..<versionCount).map { number in
      let version = "1.\(number).0"
      let integrity = Base64.encode(digest(number).bytes + digest(~number).bytes)
      return """
        "\(version)":{"name":"kit","version":"\(version)","description":"\(sentence)",\
        "keywords":["kit","tool"],"homepage":"https://kit.test","license":"MIT",\
        "repository":{"type":"git","url":"git+https://code.test/kit.git"},"main":"index.js",\
        "dependencies":{\(dependencies.joined(separator: ","))},"scripts":{"test":"node --test"},\
        "engines":{"node":">=18"},"_id":"kit@\(version)","_npmVersion":"10.9.2","dist":{\
        "shasum":"\(digest(number).hexadecimal.prefix(40))","integrity":"sha512-\(integrity)",\
        "tarball":"https://registry.test/kit/-/kit-\(version).tgz","fileCount":30,\
        "unpackedSize":123456,"signatures":[{"keyid":"SHA256:\(integrity.prefix(43))",\
        "sig":"\(integrity)"}]}}
        """
    }
    let times = (0..<versionCount).map { #""1.\#($0).0":"2024-05-01T12:00:00.123Z""# }
    let text = """
      {"_id":"kit","_rev":"1-2","name":"kit","dist-tags":{"latest":"1.\(versionCount - 1).0"},\
      "versions":{\(versions.joined(separator: ","))},"time":{\(times.joined(separator: ","))}}
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
