import Access
import Foundation
import Testing

/// One case of the AWS signature test suite: a request and what each step makes of it.
struct SignatureVector: CustomTestStringConvertible, Sendable {
  let name: String
  let request: SignableRequest
  let body: [UInt8]
  let canonicalRequest: String
  let stringToSign: String
  let authorization: String

  var testDescription: String { name }

  /// The names that the suite signs for each case.
  var signedHeaders: [String] {
    let list = authorization.split(separator: "SignedHeaders=")[1].split(separator: ",")[0]
    return list.split(separator: ";").map(String.init)
  }

  /// All cases, or none where the shared test data is not at hand.
  static let all: [SignatureVector] = {
    guard let folder = SharedFolder.locate("vectors/sigv4"),
      let walk = FileManager.default.enumerator(atPath: folder.path)
    else { return [] }
    let paths = walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".req") }.sorted()
    return paths.compactMap { SignatureVector(file: folder.appendingPathComponent($0)) }
  }()

  private init?(file: URL) {
    func text(_ suffix: String) -> String? {
      let url = file.deletingPathExtension().appendingPathExtension(suffix)
      return (try? Data(contentsOf: url)).map { String(decoding: $0, as: UTF8.self) }
    }
    guard let request = text("req"), let canonicalRequest = text("creq"),
      let stringToSign = text("sts"), let authorization = text("authz")
    else { return nil }
    self.name = file.deletingPathExtension().lastPathComponent
    (self.request, self.body) = Self.parse(request)
    self.canonicalRequest = canonicalRequest
    self.stringToSign = stringToSign
    self.authorization = authorization
  }

  /// The suite writes bare line feeds, spaces in paths and folded header lines.
  private static func parse(_ text: String) -> (SignableRequest, body: [UInt8]) {
    let halves = text.split(separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false)
    var lines = halves[0].split(separator: "\n").map(String.init)
    let words = lines.removeFirst().split(separator: " ")
    let target = Target(words.dropFirst().dropLast().joined(separator: " "))
    var headers: [SignableRequest.Header] = []
    for line in lines {
      if line.hasPrefix(" "), let last = headers.popLast() {
        headers.append(.init(last.name, last.value + "\n" + line))
      } else {
        let sides = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        headers.append(.init(String(sides[0]), String(sides[1])))
      }
    }
    let request = SignableRequest(
      method: String(words[0]),
      rawPath: target.path,
      rawQuery: target.query,
      headers: headers
    )
    return (request, Array((halves.count > 1 ? String(halves[1]) : "").utf8))
  }

  private struct Target {
    let path: String
    let query: String

    init(_ text: String) {
      let sides = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
      path = String(sides[0])
      query = sides.count > 1 ? String(sides[1]) : ""
    }
  }
}
