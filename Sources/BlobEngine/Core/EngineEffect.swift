package import Disk

/// Everything that an engine can want done.
package enum EngineEffect: Sendable {
  /// Submit this to the disk. Its completion comes back as an event.
  case submit(DiskRequest)
  /// Compress this elsewhere: it takes a processor tens of milliseconds. What comes of it comes
  /// back as ``EngineRequest/recompressed(_:_:)``.
  case recompress(Recompression)
  /// Answer a caller.
  case reply(RequestID, Result<EngineReply, EngineError>)
  /// Tell the operator.
  case log(EngineLogEntry)
}

/// A line for the operator.
package struct EngineLogEntry: Hashable, Sendable {
  /// How much it matters.
  package enum Level: Hashable, Sendable {
    case debug
    case notice
    /// Something was lost or is about to be; somebody should look.
    case alarm
  }

  package let level: Level
  package let message: String

  package init(_ level: Level, _ message: String) {
    self.level = level
    self.message = message
  }
}
