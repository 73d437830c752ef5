import FormatRules

/// What a version's own metadata says of it, as far as the API shows it.
///
/// Read from the JSON that the version's format wrote into the catalog. A member that is missing,
/// or of another type, is left out of the reply: a version is worth describing without its home
/// page.
struct VersionMetadata {
  let summary: String?
  let homePage: String?
  let sourceCodeRepository: String?
  /// The model's `LicenseInfoList`; nil where no licence is known.
  let licenses: JSONValue?

  init(_ text: String) {
    let value = (try? JSONReader.read(Array(text.utf8))) ?? .object([])
    self.summary = value["summary"]?.string
    self.homePage = value["homePage"]?.string
    self.sourceCodeRepository = value["sourceCodeRepository"]?.string
    let licenses = (value["licenses"]?.array ?? []).compactMap(Self.license)
    self.licenses = licenses.isEmpty ? nil : .array(licenses)
  }

  private static func license(_ value: JSONValue) -> JSONValue? {
    let name = value["name"]?.string
    let url = value["url"]?.string
    guard name != nil || url != nil else { return nil }
    return .members(["name": .text(name), "url": .text(url)])
  }
}
