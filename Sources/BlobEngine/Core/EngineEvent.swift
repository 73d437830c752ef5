package import Disk

/// What a caller calls its request; it comes back with the reply.
///
/// Never two of the same at once.
package typealias RequestID = UInt64

/// Everything that can happen to an engine.
package enum EngineEvent: Sendable {
  /// Opens the store whose directory holds these files (with their sizes in bytes), or makes one
  /// of an empty directory. The first event of an engine; everything else waits for its reply.
  case open(RequestID, files: [StoreFile: UInt64])
  /// A caller asks for something.
  case requested(RequestID, EngineRequest)
  /// A disk request of this engine ended.
  case completed(DiskCompletion)
  /// Time has passed: milliseconds since 1970. Used for records of when things happened, never
  /// to order them; a clock that jumps back is held at the newest time seen.
  case tick(unixMilliseconds: UInt64)
}
