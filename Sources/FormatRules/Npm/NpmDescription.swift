/// What the control API tells of a version (`DescribePackageVersion`), cut from its manifest
/// (npm documentation, "package.json").
enum NpmDescription {
  static let names: Set<String> = ["summary", "homePage", "sourceCodeRepository", "licenses"]
  /// The members of a manifest that it is cut from.
  static let sources = ["description", "homepage", "repository", "license", "licenses"]
  /// Items longer than this are dropped rather than fail the version (CodeArtifact drops those of
  /// more than about 400 KB).
  private static let itemByteLimit = 400_000

  static func members(of manifest: JSONValue) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    func add(_ name: String, _ text: String?) {
      guard let text, !text.isEmpty, text.utf8.count <= itemByteLimit else { return }
      members.append(.init(name, .string(text)))
    }
    add("summary", manifest["description"]?.string)
    add("homePage", manifest["homepage"]?.string)
    let repository = manifest["repository"]
    add("sourceCodeRepository", repository?["url"]?.string ?? repository?.string)
    let licenses = licenses(of: manifest)
    if !licenses.isEmpty { members.append(.init("licenses", .array(licenses))) }
    return members
  }

  /// An SPDX expression today; formerly an object, or a list of them under `licenses`.
  private static func licenses(of manifest: JSONValue) -> [JSONValue] {
    let stated = manifest["license"].map { [$0] } ?? manifest["licenses"]?.array ?? []
    return stated.compactMap { license in
      var members: [JSONValue.Member] = []
      if let name = license.string ?? license["type"]?.string ?? license["name"]?.string,
        !name.isEmpty, name.utf8.count <= itemByteLimit
      {
        members.append(.init("name", .string(name)))
      }
      if let address = license["url"]?.string, address.utf8.count <= itemByteLimit {
        members.append(.init("url", .string(address)))
      }
      return members.isEmpty ? nil : .object(members)
    }
  }
}
