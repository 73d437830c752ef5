internal import Synchronization

/// Where whoever answers a request notes what it was, and the door reads it.
///
/// An object that goes with the request, and not a part of the reply: what was learnt before a
/// failure is kept whichever way the failure takes.
package final class CallTrail: Sendable {
  private let state = Mutex(CallNotes())

  package init() {}

  /// What is noted so far.
  package var notes: CallNotes { state.withLock { $0 } }

  /// Takes the notes out, once nobody adds to them any more: cheaper than a copy.
  package func take() -> CallNotes {
    state.withLock { notes in
      var taken = CallNotes()
      swap(&notes, &taken)
      return taken
    }
  }

  /// Returns what `question` says of the notes, without a copy of them.
  package func ask<Value: Sendable>(_ question: @Sendable (borrowing CallNotes) -> Value) -> Value {
    state.withLock { question($0) }
  }

  /// Adds to the notes.
  package func note(_ change: @Sendable (inout CallNotes) -> Void) {
    state.withLock { change(&$0) }
  }
}
