/// What a path below a Maven repository means (Maven repository layout, "maven2").
package enum MavenPath: Hashable, Sendable {
  /// A file of a version, or a checksum of it.
  case file(MavenFile, ChecksumAlgorithm?)
  /// `maven-metadata.xml` of an artifact (or of a group, which looks the same), or its checksum.
  case metadata(group: String?, artifact: String, ChecksumAlgorithm?)
  /// `maven-metadata.xml` of a snapshot, or its checksum.
  case snapshotMetadata(group: String, artifact: String, base: String, ChecksumAlgorithm?)

  package static let metadataName = "maven-metadata.xml"

  /// Reads decoded segments; nil for what is no path of a file.
  package init?(_ segments: some Collection<String>) {
    let segments = Array(segments)
    guard let last = segments.last else { return nil }
    let split = ChecksumAlgorithm.split(last)
    let name = split?.file ?? last
    if name == Self.metadataName {
      self.init(metadataIn: segments.dropLast(), split?.algorithm)
    } else {
      guard let file = MavenFile(segments.dropLast(), name: name) else { return nil }
      self = .file(file, split?.algorithm)
    }
  }

  private init?(metadataIn folder: ArraySlice<String>, _ checksum: ChecksumAlgorithm?) {
    guard let last = folder.last else { return nil }
    let ending = SnapshotBuild.ending
    if folder.count >= 3, last.hasSuffix(ending), MavenName.isVersion(last),
      let group = Self.group(folder.dropLast(2)), MavenName.isArtifact(folder[folder.endIndex - 2])
    {
      let base = String(last.dropLast(ending.count))
      guard !base.isEmpty else { return nil }
      self = .snapshotMetadata(
        group: group,
        artifact: folder[folder.endIndex - 2],
        base: base,
        checksum
      )
    } else {
      let group = folder.count > 1 ? Self.group(folder.dropLast()) : nil
      guard MavenName.isArtifact(last), folder.count == 1 || group != nil else { return nil }
      self = .metadata(group: group, artifact: last, checksum)
    }
  }

  /// Joins the folders of a group to its name; nil when one of them is none.
  static func group(_ folders: some Collection<String>) -> String? {
    guard !folders.isEmpty, folders.allSatisfy(MavenName.isGroupPart) else { return nil }
    let group = folders.joined(separator: ".")
    return MavenName.isGroup(group) ? group : nil
  }
}

/// The address of a file: package, version and name.
package struct MavenFile: Hashable, Sendable {
  package let group: String
  package let artifact: String
  /// The version of the folder that the path names: `1.0-SNAPSHOT` for every build of it.
  package let folder: String
  package let name: String

  init?(_ segments: ArraySlice<String>, name: String) {
    guard segments.count >= 3, let group = MavenPath.group(segments.dropLast(2)),
      case let artifact = segments[segments.endIndex - 2], MavenName.isArtifact(artifact),
      let folder = segments.last, MavenName.isVersion(folder), MavenName.isFile(name)
    else { return nil }
    self.group = group
    self.artifact = artifact
    self.folder = folder
    self.name = name
  }

  /// The version that the file belongs to; nil for a file in a snapshot's folder whose name has no
  /// build in it.
  package var version: String? {
    isSnapshot ? build?.version : folder
  }

  /// Whether the folder is a snapshot's.
  package var isSnapshot: Bool { folder.hasSuffix(SnapshotBuild.ending) }

  /// The build that the name of a file in a snapshot's folder says.
  package var build: SnapshotBuild? {
    guard isSnapshot else { return nil }
    let base = folder.dropLast(SnapshotBuild.ending.count)
    let prefix = "\(artifact)-\(base)-"
    guard !base.isEmpty, name.hasPrefix(prefix) else { return nil }
    let rest = name.dropFirst(prefix.count)
    // `20210728.194552-1` ends at the first thing that is no digit behind its dash.
    guard rest.utf8.count > 16 else { return nil }
    let number = rest.dropFirst(16).prefix { $0.isASCII && $0.isNumber }
    return SnapshotBuild("\(base)-\(rest.prefix(16))\(number)")
  }

  /// What follows the version in a name that spells `-SNAPSHOT` out, such as `-sources.jar`; nil
  /// for other names.
  package var literalRest: String? {
    let prefix = "\(artifact)-\(folder)"
    guard isSnapshot, name.hasPrefix(prefix) else { return nil }
    return String(name.dropFirst(prefix.count))
  }

  package var isProjectObjectModel: Bool { name.hasSuffix(".pom") }
}
