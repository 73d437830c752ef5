package import FormatRules

/// What the control API tells of a Python version, cut from its core metadata
/// (`DescribePackageVersion`: summary, home page, source repository, licences).
package enum ProjectMetadata {
  /// Items longer than this are dropped rather than fail the version (CodeArtifact drops those of
  /// more than about 400 KB).
  private static let itemByteLimit = 400_000

  /// Returns the JSON object that rows keep; `{}` when the metadata says none of it.
  package static func json(of metadata: CoreMetadata) -> String {
    var members: [JSONValue.Member] = []
    func add(_ name: String, _ text: String?) {
      guard let text, !text.isEmpty, text.utf8.count <= itemByteLimit else { return }
      members.append(JSONValue.Member(name, .string(text)))
    }
    add("summary", metadata.summary)
    add("homePage", metadata["Home-page"] ?? address(labelled: ["homepage"], in: metadata))
    add(
      "sourceCodeRepository",
      address(labelled: ["source", "sourcecode", "repository", "github"], in: metadata)
    )
    if let license = license(of: metadata), license.utf8.count <= itemByteLimit {
      let item = JSONValue.object([JSONValue.Member("name", .string(license))])
      members.append(JSONValue.Member("licenses", .array([item])))
    }
    var writer = JSONWriter()
    writer.value(.object(members))
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// The expression of PEP 639 where there is one, else the old free text.
  private static func license(of metadata: CoreMetadata) -> String? {
    [metadata["License-Expression"], metadata["License"]].lazy.compactMap { $0 }
      .first { !$0.isEmpty && $0 != "UNKNOWN" }
  }

  /// The first project address under one of these labels, compared as the specification of
  /// well-known labels has it: letters and digits only, in lower case.
  private static func address(
    labelled labels: Set<String>,
    in metadata: CoreMetadata
  ) -> String? {
    for value in metadata.all("Project-URL") {
      let parts = value.split(separator: ",", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let label = parts[0].lowercased().filter { $0.isLetter || $0.isNumber }
      guard labels.contains(label) else { continue }
      return String(parts[1].drop { $0 == " " })
    }
    return nil
  }
}
