/// A change of what is there already, as clients write it: the package's whole document with
/// something different in it.
///
/// Only the differences that such documents exist for are read: everything else in them is an echo
/// of what the client was given, and may be old.
package struct NpmChange: Sendable {
  /// The package's revision when the client read it; nil when it does not say.
  package let revision: String?
  /// For each version in the document, why it is deprecated; nil where it is not. Nil when the
  /// document has no versions.
  package let deprecations: [String: String?]?
  /// Who should be told of the package from now on (`npm owner`); nil when it does not say.
  package let maintainers: JSONValue?
  /// Who has starred it (`npm star`); nil when it does not say.
  package let users: JSONValue?
  /// The tags after the change; nil when it does not say.
  package let tags: [String: String]?

  package init(_ document: JSONMembers, of name: NpmName) throws(MalformedInput) {
    let title = try document.read("name")?.string
    let id = try document.read("_id")?.string ?? title
    guard id == nil || id == name.text else {
      throw MalformedInput("package document", "it is of \(id ?? ""), and the address says \(name)")
    }
    revision = try document.read("_rev")?.string
    if let versions = try document.members(of: "versions") {
      var deprecations: [String: String?] = [:]
      for member in versions.all {
        let reason = NpmManifest.deprecation(try versions.read(member)["deprecated"])
        deprecations.updateValue(reason, forKey: member.name)
      }
      self.deprecations = deprecations
    } else {
      deprecations = nil
    }
    maintainers = try document.read("maintainers").flatMap { $0.array == nil ? nil : $0 }
    users = try document.read("users").flatMap { $0.members == nil ? nil : $0 }
    tags = try document.read("dist-tags")?.members.map { members in
      Dictionary(
        members.compactMap { member in member.value.string.map { (member.name, $0) } },
        uniquingKeysWith: { $1 }
      )
    }
  }
}
