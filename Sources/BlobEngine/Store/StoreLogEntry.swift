/// Something that a store's operator may want to know.
public struct StoreLogEntry: Hashable, Sendable {
  /// How much an entry matters.
  public enum Level: String, Hashable, Sendable {
    /// For whoever looks into how the store works.
    case debug
    /// Worth a line in the log.
    case notice
    /// Something was lost or is about to be; somebody should look.
    case alarm
  }

  /// How much the entry matters.
  public let level: Level
  /// What happened, to what, and what to do, on one line.
  public let message: String

  package init(_ level: Level, _ message: String) {
    self.level = level
    self.message = message
  }

  init(_ entry: EngineLogEntry) {
    let level: Level =
      switch entry.level {
      case .debug: .debug
      case .notice: .notice
      case .alarm: .alarm
      }
    self.init(level, entry.message)
  }
}
