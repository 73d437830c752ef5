/// The plugins of a group, by which `mvn compiler:compile` finds `maven-compiler-plugin`.
extension MavenMetadata {
  /// The plugins that a public registry's document lists, as a listing's attributes keep them.
  package static func attribute(of plugins: [Plugin]) -> JSONValue {
    .object(
      plugins.map { plugin in
        let name = plugin.name.map { [JSONValue.Member("name", .string($0))] } ?? []
        return JSONValue.Member(
          plugin.prefix,
          .object([JSONValue.Member("artifactId", .string(plugin.artifact))] + name)
        )
      }
    )
  }

  /// The plugins in a group's attributes; the inverse of ``attribute(of:)``.
  package static func plugins(in attributes: JSONValue) -> [Plugin] {
    (attributes[AttributeName.plugins]?.members ?? []).compactMap { member in
      member.value["artifactId"]?.string.map {
        Plugin(name: member.value["name"]?.string, prefix: member.name, artifact: $0)
      }
    }
  }

  /// The plugin that a package of its own attributes is.
  package static func plugin(_ artifact: String, in attributes: JSONValue) -> Plugin? {
    guard let plugin = attributes[AttributeName.plugin], let prefix = plugin["prefix"]?.string
    else { return nil }
    return Plugin(name: plugin["name"]?.string, prefix: prefix, artifact: artifact)
  }

  /// A package's attributes with the plugin that it is.
  package static func adding(_ plugin: Plugin, to attributes: JSONValue) -> JSONValue {
    let name = plugin.name.map { [JSONValue.Member("name", .string($0))] } ?? []
    let value = JSONValue.object([JSONValue.Member("prefix", .string(plugin.prefix))] + name)
    let others = (attributes.members ?? []).filter { $0.name != AttributeName.plugin }
    return .object(others + [JSONValue.Member(AttributeName.plugin, value)])
  }

  /// The document of a group: one plugin a prefix, the first one wins; nil without plugins.
  package init?(plugins: [Plugin]) {
    var seen: Set<String> = []
    let unique = plugins.filter { seen.insert($0.prefix).inserted }
    guard !unique.isEmpty else { return nil }
    self.init()
    self.plugins = unique.sorted { $0.prefix < $1.prefix }
  }
}
