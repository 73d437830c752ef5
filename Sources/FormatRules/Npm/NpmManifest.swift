/// What is kept of a version of an npm package: its manifest, ready to be put into documents.
///
/// The manifest is kept as text in two halves: what the abbreviated packument has of it, and the
/// rest. A document of ten thousand versions is then put together by copying bytes, and nothing
/// that a publisher wrote is spelled anew. `dist` and `deprecated` stand apart, because they
/// change.
package struct NpmManifest: Hashable, Sendable {
  /// The members that the abbreviated packument has, but `dist` and `deprecated`
  /// (github.com/npm/registry, `docs/responses/package-metadata.md`, and `libc`, which came later).
  private static let briefNames: Set<String> = [
    "name", "version", "dependencies", "optionalDependencies", "devDependencies",
    "bundleDependencies", "bundledDependencies", "peerDependencies", "peerDependenciesMeta",
    "acceptDependencies", "bin", "directories", "engines", "cpu", "os", "libc", "funding",
    "hasInstallScript", "_hasShrinkwrap",
  ]
  /// Members that are rebuilt or kept apart, and traces of the publisher's own disk.
  private static let droppedNames: Set<String> = [
    "name", "version", "dist", "deprecated", "readme", "_id", "_rev", "_attachments", "_from",
    "_resolved", "_requested", "_where", "_args", "_spec", "_inBundle", "_phantomChildren",
  ]
  /// The longest readme that is kept with a version, in bytes; the public registry cuts there too.
  private static let longestReadme = 64 << 10

  /// The first half, a JSON object.
  package private(set) var brief: String
  /// The second half, a JSON object.
  package private(set) var rest: String
  /// `integrity`, `shasum`, `signatures` and what else a registry says of the archive; without the
  /// address, which depends on who asks.
  package var dist: JSONValue
  /// Why the version should not be used any more; nil when it may.
  package var deprecated: String?
  package var readme: String?
  /// The part that the control API shows.
  private var description: [JSONValue.Member]

  /// Takes a version's manifest as a publisher or another registry wrote it.
  ///
  /// - Parameters:
  ///   - manifest: the object, `dist` and all.
  ///   - name: the package it is of, whatever the manifest says.
  ///   - version: the version in its normalised spelling.
  ///   - archive: what the archive itself has shown, where it was looked into.
  package init(
    _ manifest: JSONValue,
    of name: NpmName,
    version: String,
    archive: NpmArchive.Contents? = nil
  ) {
    let identity: [JSONValue.Member] = [
      .init("name", .string(name.text)), .init("version", .string(version)),
    ]
    var kept = JSONValue.object(
      (manifest.members ?? []).filter { !Self.droppedNames.contains($0.name) }
    )
    if kept["hasInstallScript"] == nil, Self.hasInstallScript(manifest, archive) {
      kept = kept.setting("hasInstallScript", .bool(true))
    }
    if kept["bundleDependencies"] == nil, let bundled = kept["bundledDependencies"] {
      kept = kept.setting("bundleDependencies", bundled)
    }
    if archive?.hasShrinkwrap == true { kept = kept.setting("_hasShrinkwrap", .bool(true)) }
    let members = kept.members ?? []
    brief = JSONValue.object(identity + members.filter { Self.briefNames.contains($0.name) }).json
    rest = JSONValue.object(members.filter { !Self.briefNames.contains($0.name) }).json
    dist = (manifest["dist"] ?? .object([])).setting("tarball", nil)
    deprecated = Self.deprecation(manifest["deprecated"])
    readme = manifest["readme"]?.string.flatMap(Self.keptReadme)
    description = NpmDescription.members(of: manifest)
  }

  /// Takes a version's manifest as another registry's packument has it: what is passed on is copied
  /// as text, and read is only what is looked into.
  ///
  /// `dist` is the member of that name, which is read already. The readme stays behind: one of
  /// every version of a popular package would outweigh all else.
  package init(
    copying manifest: JSONMembers,
    of name: NpmName,
    version: String,
    dist: JSONValue?
  ) throws(MalformedInput) {
    let room = manifest.byteCount + 256
    var halves = (brief: Splicer(byteCount: room), rest: Splicer(byteCount: room))
    halves.brief.member("name", .string(name.text))
    halves.brief.member("version", .string(version))
    for member in manifest.all where !Self.droppedNames.contains(member.name) {
      let text = try manifest.text(of: member)
      if Self.briefNames.contains(member.name) {
        halves.brief.member(member.name, text: text)
      } else {
        halves.rest.member(member.name, text: text)
      }
    }
    func read(_ names: [String]) throws(MalformedInput) -> JSONValue {
      var members: [JSONValue.Member] = []
      for name in names {
        if let value = try manifest.read(name) { members.append(.init(name, value)) }
      }
      return .object(members)
    }
    if manifest.member("hasInstallScript") == nil,
      Self.hasInstallScript(try read(["scripts"]), nil)
    {
      halves.brief.member("hasInstallScript", .bool(true))
    }
    if manifest.member("bundleDependencies") == nil,
      let bundled = manifest.member("bundledDependencies")
    {
      halves.brief.member("bundleDependencies", text: try manifest.text(of: bundled))
    }
    brief = String(decoding: halves.brief.finish(), as: UTF8.self)
    rest = String(decoding: halves.rest.finish(), as: UTF8.self)
    self.dist = (dist ?? .object([])).setting("tarball", nil)
    deprecated = Self.deprecation(try manifest.read("deprecated"))
    readme = nil
    description = NpmDescription.members(of: try read(NpmDescription.sources))
  }

  /// Whether installing runs a script of the package's own: clients that see only the short form
  /// go by this.
  ///
  /// A `binding.gyp` without an install script of its own is built (npm documentation, "scripts").
  private static func hasInstallScript(
    _ manifest: JSONValue,
    _ archive: NpmArchive.Contents?
  ) -> Bool {
    let scripts = manifest["scripts"]
    let names = ["preinstall", "install", "postinstall"]
    if names.contains(where: { scripts?[$0]?.string?.isEmpty == false }) { return true }
    return archive?.hasBindingGyp == true && manifest["gypfile"]?.bool != false
  }

  /// An empty text undoes a deprecation; old documents have `true` in the place of a text.
  package static func deprecation(_ value: JSONValue?) -> String? {
    switch value {
    case .string(let text): text.isEmpty ? nil : text
    case .bool(true): "This version is deprecated."
    default: nil
    }
  }

  /// The part of a readme that is kept; nil for none, and for what npm writes in place of none.
  package static func keptReadme(_ text: String) -> String? {
    guard !text.isEmpty, text != "ERROR: No README data found!" else { return nil }
    guard text.utf8.count > longestReadme else { return text }
    return String(decoding: text.utf8.prefix(longestReadme), as: UTF8.self)
  }
}

extension NpmManifest {
  /// Reads what ``metadata`` wrote; nil when it is something else.
  package init?(metadata: JSONValue) {
    guard let brief = metadata["brief"]?.string, let rest = metadata["rest"]?.string,
      brief.hasPrefix("{"), brief.hasSuffix("}"), rest.hasPrefix("{"), rest.hasSuffix("}")
    else { return nil }
    self.brief = brief
    self.rest = rest
    dist = metadata["dist"] ?? .object([])
    deprecated = metadata["deprecated"]?.string
    readme = metadata["readme"]?.string
    description = (metadata.members ?? []).filter { NpmDescription.names.contains($0.name) }
  }

  /// The form in which rows keep it (``ListedVersion/metadata``): what the control API shows as
  /// members of their own, then the manifest's halves.
  package var metadata: JSONValue {
    var members = description
    members.append(.init("brief", .string(brief)))
    members.append(.init("rest", .string(rest)))
    members.append(.init("dist", dist))
    if let deprecated { members.append(.init("deprecated", .string(deprecated))) }
    if let readme { members.append(.init("readme", .string(readme))) }
    return .object(members)
  }

  /// Adds a member that the registry itself sets, such as `_npmUser`.
  package mutating func setRegistryMember(_ name: String, _ value: JSONValue) {
    rest = ((try? JSONReader.read(Array(rest.utf8))) ?? .object([])).setting(name, value).json
  }

  /// The value of a member of the manifest, from whichever half.
  package subscript(name: String) -> JSONValue? {
    let half = Self.briefNames.contains(name) ? brief : rest
    return (try? JSONReader.read(Array(half.utf8)))?[name]
  }
}
