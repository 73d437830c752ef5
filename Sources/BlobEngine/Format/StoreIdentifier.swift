/// The 16 random bytes that name a store, given at its birth and never changed.
package struct StoreIdentifier: Hashable, Sendable {
  /// The bytes, the first in the least significant place.
  package let value: UInt128

  package init(value: UInt128) {
    self.value = value
  }
}

/// The 16 random bytes that stand in front of every batch of one incarnation of a slot.
///
/// Nobody outside knows them before the segment is written, so no artifact can hold what a resync
/// scan would take for a batch.
package struct SyncMarker: Hashable, Sendable {
  /// The bytes, the first in the least significant place.
  package let value: UInt128

  package init(value: UInt128) {
    self.value = value
  }
}

/// A place in the order of all records of a store, with the segment that holds it.
package struct LogPosition: Hashable, Sendable {
  /// The sequence of the first record that is not covered.
  package var sequence: UInt64
  /// The lowest id of a segment that may hold that record or a later one.
  package var segmentID: UInt64
  /// Where in that segment to begin, in bytes from its start.
  package var offset: UInt64

  package init(sequence: UInt64, segmentID: UInt64, offset: UInt64) {
    self.sequence = sequence
    self.segmentID = segmentID
    self.offset = offset
  }
}

/// Which sequences are older than a moment: what grace periods are counted with.
package struct TimeMark: Hashable, Sendable {
  /// Milliseconds since 1970, never going backwards within a store.
  package var milliseconds: UInt64
  /// The next sequence at that time.
  package var sequence: UInt64

  package init(milliseconds: UInt64, sequence: UInt64) {
    self.milliseconds = milliseconds
    self.sequence = sequence
  }
}
