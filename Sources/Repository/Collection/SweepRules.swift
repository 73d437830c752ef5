/// When the bytes of a blob that nothing refers to are given back.
package struct SweepRules: Hashable, Sendable {
  /// How long they stay after a sweep has noticed that nothing refers to them.
  ///
  /// At least the time between two backups of the catalog: then the bytes of everything that a
  /// restored catalog names are there.
  package var deletionDelay: Duration
  /// Whether they stay that long in a full store, too; otherwise the oldest go first.
  package var isStrict: Bool

  package init(deletionDelay: Duration = .seconds(7 * 86_400), isStrict: Bool = false) {
    self.deletionDelay = deletionDelay
    self.isStrict = isStrict
  }
}

/// What a sweep found and did.
package struct SweepReport: Hashable, Sendable {
  /// The blobs in the store.
  package internal(set) var blobCount = 0
  /// Those of them that nothing referred to.
  package internal(set) var unreferredCount = 0
  /// Those that no earlier sweep had noticed.
  package internal(set) var noticedCount = 0
  /// Those that somebody refers to again.
  package internal(set) var revivedCount = 0
  /// Those that were deleted, and their bytes.
  package internal(set) var deletedCount = 0
  package internal(set) var deletedByteCount: UInt64 = 0
  /// Those that were due and stay, because they were put again lately.
  package internal(set) var keptCount = 0

  package init() {}
}

extension SweepReport: CustomStringConvertible {
  package var description: String {
    "\(blobCount) blobs; nothing refers to \(unreferredCount), of which \(noticedCount) were "
      + "noticed now; \(deletedCount) deleted (\(deletedByteCount) bytes), \(keptCount) due and "
      + "kept because they were put again lately, \(revivedCount) in use again"
  }
}
