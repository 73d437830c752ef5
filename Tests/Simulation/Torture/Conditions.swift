package import BlobEngine

/// What a run is held to, which depends on what its disk is allowed to do.
package struct Conditions: Sendable {
  package var options: StoreOptions
  package var breakages: Breakages
  /// The disk reports failures: requests may fail, as long as the store says so.
  package var admitsFailures = false
  /// The scope that everything is put in; nil: nothing is encrypted.
  package var scope: SimulatedScope?
  /// Archives share their members, and the store says so.
  package var shares = false
  /// Somebody else fills the file system and takes his files away again: puts may be refused for
  /// that, and nothing else.
  package var isCrowded = false
  /// The disk lies, or its platters rot: blobs may be lost, but no wrong bytes are returned.
  package var admitsDamage = false
  /// After each crash the index is rebuilt from the log: from footers or from batches.
  package var alwaysRebuilds = false

  /// The keys that work in the background may use.
  var keys: KeyRing { scope?.keys ?? KeyRing() }

  package init(options: StoreOptions, breakages: Breakages = []) {
    self.options = options
    self.breakages = breakages
  }
}
