/// What a change may survive once the call that made it has returned.
package enum WriteDurability: Sendable {
  /// A power cut.
  case flushed
  /// The end of the process, however sudden, but not a power cut: that may take the latest relaxed
  /// changes, never one from before a flushed change, nor one that is older than a second or so:
  /// a flush follows.
  ///
  /// For what can be asked for again, such as documents of public registries; a flush costs 5 ms.
  /// Not for what writes the journal, whose serials must never be given out twice: such a change is
  /// refused.
  case relaxed
}
