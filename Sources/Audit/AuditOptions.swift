/// How the audit trail is kept.
package struct AuditOptions: Sendable {
  /// How long a file grows before the next one is begun, in bytes; a new day begins one too.
  package var fileByteLimit = 64 << 20
  /// How long files are kept, in days, from their last record on; 0 keeps them for ever.
  package var keepDays = 90
  /// How many bytes of files are kept, compressed as they are; 0 keeps all.
  package var keepByteCount: UInt64 = 10 << 30
  /// How much may wait to be written, in bytes of memory: reads beyond are counted instead of kept.
  package var backlogByteLimit = 32 << 20
  /// How long the writer lets reads gather before it writes, in milliseconds: a crash of the
  /// machine loses at most that much of them.
  package var lingerMilliseconds = 50
  /// How long a call that may change something waits for the trail before it is refused.
  package var patience: Duration = .seconds(5)

  package init() {}
}
