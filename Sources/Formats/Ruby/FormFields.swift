import Bytes
import Exchange
import FormatRules
import Repository

/// The fields of a small form in the encoding of HTML (URL Standard,
/// "application/x-www-form-urlencoded"), from the body or, where there is none, from the query.
struct FormFields: Sendable {
  private static let longestBody = 64 << 10

  private let pairs: [(name: String, value: String)]

  /// The value of the last field of a name.
  subscript(name: String) -> String? { pairs.last { $0.name == name }?.value }

  static func read(_ request: Request) async throws(RepositoryError) -> FormFields {
    let bytes: [UInt8]
    do { bytes = try await request.body.collect(upTo: longestBody) } catch {
      throw UploadFailure.meaning(of: error, subject: "The form")
    }
    let body = String(decoding: Array(bytes.trimmed), as: UTF8.self)
    return FormFields(body.isEmpty ? request.target.rawQuery : body)
  }

  private init(_ text: String) {
    pairs = text.split(separator: "&").compactMap { pair in
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { PercentEncoding.decode($0.replacing("+", with: " ")) }
      guard let first = sides.first, let name = first else { return nil }
      guard sides.count > 1 else { return (name, "") }
      return sides[1].map { (name, $0) }
    }
  }
}
