import Bytes

/// Changes of one key that are made together and answered once.
final class ChangeGroup {
  let key: SHA256Digest
  let changes: [KeyChange]
  /// Whether the callers have their answers; the relaxed have them before the flush.
  var isAnswered = false

  init(key: SHA256Digest, changes: [KeyChange]) {
    self.key = key
    self.changes = changes
  }

  /// The first change, and those that are to wait for it.
  func split() -> (first: ChangeGroup, others: ChangeGroup?) {
    guard changes.count > 1 else { return (self, nil) }
    return (
      ChangeGroup(key: key, changes: Array(changes.prefix(1))),
      ChangeGroup(key: key, changes: Array(changes.dropFirst()))
    )
  }
}
