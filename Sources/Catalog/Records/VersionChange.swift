/// How one journal row changed one version: what an event about it has to tell (CodeArtifact user
/// guide, "CodeArtifact event format and example").
package struct VersionChange: Hashable, Sendable {
  /// What happened to the version as a whole (`operationType` of the event).
  package enum Operation: String, Sendable {
    case created = "Created"
    case deleted = "Deleted"
    case updated = "Updated"
  }

  package let operation: Operation
  package let assetsAdded: Int
  package let assetsRemoved: Int
  /// Assets that kept their name and got other bytes or other attributes.
  package let assetsUpdated: Int
  package let metadataUpdated: Bool
  package let statusChanged: Bool

  package init(
    _ operation: Operation,
    assetsAdded: Int = 0,
    assetsRemoved: Int = 0,
    assetsUpdated: Int = 0,
    metadataUpdated: Bool = false,
    statusChanged: Bool = false
  ) {
    self.operation = operation
    self.assetsAdded = assetsAdded
    self.assetsRemoved = assetsRemoved
    self.assetsUpdated = assetsUpdated
    self.metadataUpdated = metadataUpdated
    self.statusChanged = statusChanged
  }
}
