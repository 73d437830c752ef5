/// What a publisher says of a release in the `metadata` part (SE-0391, "Package release metadata
/// standards").
///
/// It is handed on as it came. SwiftPM gives up on a whole release when a member it knows has a
/// type it does not expect, so those are checked here, once, where the publisher can mend them.
package struct SwiftReleaseMetadata: Sendable {
  /// An object.
  package let value: JSONValue

  /// Longer metadata is refused; the control API drops items of such a length anyway.
  package static let longest = 400_000

  /// None at all is an empty object.
  ///
  /// - Throws: ``MalformedInput`` that names the member.
  package init(_ bytes: [UInt8]) throws(MalformedInput) {
    guard !bytes.trimmed.isEmpty else {
      value = .object([])
      return
    }
    do throws(MalformedInput) { value = try JSONReader.read(bytes) } catch {
      throw Self.failure("it is not JSON: \(error.reason)")
    }
    guard value.members != nil else { throw Self.failure("it is no JSON object") }
    for name in ["description", "licenseURL", "readmeURL"] {
      _ = try Self.text(name, in: value)
    }
    _ = try addresses()
    try Self.checkAuthor(value["author"])
    try checkTime()
  }

  /// The addresses under which the package lies in version control (`repositoryURLs`).
  package var repositoryAddresses: [String] { (try? addresses()) ?? [] }

  private static func failure(_ reason: String) -> MalformedInput {
    MalformedInput("metadata", reason)
  }

  private static func text(
    _ name: String,
    in object: JSONValue,
    of owner: String = ""
  ) throws(MalformedInput) -> String? {
    switch object[name] {
    case nil, .null: return nil
    case .string(let text): return text
    default: throw failure("its member \(owner)\(name) is no text")
    }
  }

  private func addresses() throws(MalformedInput) -> [String] {
    switch value["repositoryURLs"] {
    case nil, .null: return []
    case .array(let values) where values.allSatisfy({ $0.string != nil }):
      return values.compactMap(\.string)
    default: throw Self.failure("its member repositoryURLs is no list of texts")
    }
  }

  /// A person, perhaps of an organisation; either has a name.
  private static func checkAuthor(
    _ author: JSONValue?,
    as name: String = "author"
  ) throws(MalformedInput) {
    guard let author, author != .null else { return }
    guard author.members != nil, try text("name", in: author, of: "\(name).") != nil else {
      throw failure("its member \(name) is no object with a name")
    }
    for member in ["email", "description", "url"] {
      _ = try text(member, in: author, of: "\(name).")
    }
    if name == "author" { try checkAuthor(author["organization"], as: "author.organization") }
  }

  private func checkTime() throws(MalformedInput) {
    guard let text = try Self.text("originalPublicationTime", in: value) else { return }
    guard text.contains(where: { $0 == "T" || $0 == "t" }), UploadTime(text) != nil else {
      throw Self.failure("its member originalPublicationTime is no time of ISO 8601")
    }
  }
}
