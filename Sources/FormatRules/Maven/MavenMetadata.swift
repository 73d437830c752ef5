/// A `maven-metadata.xml` (Maven repository metadata model 1.1.0): what versions an artifact has,
/// what builds a snapshot has, or what plugins a group has.
package struct MavenMetadata: Hashable, Sendable {
  package struct Snapshot: Hashable, Sendable {
    package var timestamp: String
    package var buildNumber: UInt64

    package init(timestamp: String, buildNumber: UInt64) {
      self.timestamp = timestamp
      self.buildNumber = buildNumber
    }
  }

  /// Which build has the newest file of a classifier and extension.
  package struct SnapshotVersion: Hashable, Sendable {
    package var suffix: ArtifactSuffix
    /// The build's version.
    package var value: String
    /// `yyyyMMddHHmmss`.
    package var updated: String

    package init(suffix: ArtifactSuffix, value: String, updated: String) {
      self.suffix = suffix
      self.value = value
      self.updated = updated
    }
  }

  package struct Plugin: Hashable, Sendable {
    package var name: String?
    package var prefix: String
    package var artifact: String

    package init(name: String?, prefix: String, artifact: String) {
      self.name = name
      self.prefix = prefix
      self.artifact = artifact
    }
  }

  package var group: String?
  package var artifact: String?
  package var version: String?
  package var latest: String?
  package var release: String?
  package var versions: [String] = []
  /// `yyyyMMddHHmmss` in UTC.
  package var lastUpdated: String?
  package var snapshot: Snapshot?
  package var snapshotVersions: [SnapshotVersion] = []
  package var plugins: [Plugin] = []

  package init(group: String? = nil, artifact: String? = nil, version: String? = nil) {
    self.group = group
    self.artifact = artifact
    self.version = version
  }

  /// Reads a document.
  ///
  /// Members that are missing or make no sense are left out: clients of twenty years wrote these.
  ///
  /// - Throws: where it is no XML, or its root is another element.
  package init(reading bytes: [UInt8]) throws(MalformedInput) {
    let root = try XMLReader.read(bytes)
    guard root.name == "metadata" else {
      throw MalformedInput("maven-metadata.xml", "its root element is \(root.name)")
    }
    self.init(
      group: root.text(of: "groupId"),
      artifact: root.text(of: "artifactId"),
      version: root.text(of: "version")
    )
    plugins = (root["plugins"]?.all("plugin") ?? []).compactMap(Self.plugin)
    if let versioning = root["versioning"] { read(versioning) }
  }

  private mutating func read(_ versioning: XMLElement) {
    latest = versioning.text(of: "latest")
    release = versioning.text(of: "release")
    versions = (versioning["versions"]?.all("version") ?? []).compactMap(\.text)
    lastUpdated = versioning.text(of: "lastUpdated")
    snapshotVersions = (versioning["snapshotVersions"]?.all("snapshotVersion") ?? [])
      .compactMap(Self.snapshotVersion)
    guard let timestamp = versioning["snapshot"]?.text(of: "timestamp"),
      let number = versioning["snapshot"]?.text(of: "buildNumber").flatMap({ UInt64($0) })
    else { return }
    snapshot = Snapshot(timestamp: timestamp, buildNumber: number)
  }

  private static func plugin(_ element: XMLElement) -> Plugin? {
    guard let prefix = element.text(of: "prefix"), let artifact = element.text(of: "artifactId")
    else { return nil }
    return Plugin(name: element.text(of: "name"), prefix: prefix, artifact: artifact)
  }

  private static func snapshotVersion(_ element: XMLElement) -> SnapshotVersion? {
    guard let ending = element.text(of: "extension"), let value = element.text(of: "value") else {
      return nil
    }
    return SnapshotVersion(
      suffix: ArtifactSuffix(classifier: element.text(of: "classifier"), extension: ending),
      value: value,
      updated: element.text(of: "updated") ?? ""
    )
  }

  /// Whether there is anything in it that a client could use.
  package var isEmpty: Bool {
    versions.isEmpty && snapshotVersions.isEmpty && snapshot == nil && plugins.isEmpty
  }

  /// Writes the document.
  package func render() -> [UInt8] {
    var writer = XMLWriter()
    let model = snapshot == nil ? "" : "modelVersion=\"1.1.0\""
    writer.element("metadata", attributes: model) { writer in
      writer.element("groupId", group)
      writer.element("artifactId", artifact)
      writer.element("version", version)
      if snapshot != nil || !versions.isEmpty { writeVersioning(to: &writer) }
      if !plugins.isEmpty { writePlugins(to: &writer) }
    }
    return writer.bytes
  }

  private func writeVersioning(to writer: inout XMLWriter) {
    writer.element("versioning") { writer in
      writer.element("latest", latest)
      writer.element("release", release)
      if let snapshot {
        writer.element("snapshot") { writer in
          writer.element("timestamp", snapshot.timestamp)
          writer.element("buildNumber", String(snapshot.buildNumber))
        }
      }
      if !versions.isEmpty {
        writer.element("versions") { writer in
          for version in versions { writer.element("version", version) }
        }
      }
      writer.element("lastUpdated", lastUpdated)
      if !snapshotVersions.isEmpty { writeSnapshotVersions(to: &writer) }
    }
  }

  private func writeSnapshotVersions(to writer: inout XMLWriter) {
    writer.element("snapshotVersions") { writer in
      for version in snapshotVersions {
        writer.element("snapshotVersion") { writer in
          writer.element("classifier", version.suffix.classifier)
          writer.element("extension", version.suffix.extension)
          writer.element("value", version.value)
          writer.element("updated", version.updated)
        }
      }
    }
  }

  private func writePlugins(to writer: inout XMLWriter) {
    writer.element("plugins") { writer in
      for plugin in plugins {
        writer.element("plugin") { writer in
          writer.element("name", plugin.name)
          writer.element("prefix", plugin.prefix)
          writer.element("artifactId", plugin.artifact)
        }
      }
    }
  }
}
