/// What an engine does for its callers.
enum EngineMode: Hashable {
  /// It has not been opened.
  case new
  case opening
  case running
  /// A write failed twice, or somebody else owns the store: no more writes, reads go on.
  case readOnly(String)
  /// What was asked for is finished, nothing new is taken.
  case closing
  case closed

  /// Why nothing may be written, or nil.
  var refusal: EngineError? {
    switch self {
    case .running, .closing: nil
    case .readOnly(let reason): .readOnly(reason)
    case .new, .opening, .closed: .closed
    }
  }

  /// Whether requests are answered.
  var isOpen: Bool {
    switch self {
    case .running, .readOnly: true
    case .new, .opening, .closing, .closed: false
    }
  }
}
