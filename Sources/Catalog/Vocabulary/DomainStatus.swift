/// Whether a domain lives (`DomainStatus`).
///
/// A deleted one keeps its row, because its journal does.
package enum DomainStatus: String, CaseIterable, Sendable {
  case active = "Active"
  case deleted = "Deleted"
}
