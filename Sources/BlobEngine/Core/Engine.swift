package import Disk

/// The heart of a store: decides everything, does nothing.
///
/// Events go in through ``receive(_:)``; ``finishTurn(into:)`` then gives back what is to be done.
/// The engine has no clock, thread, task, descriptor or random source of its own, so that the same
/// events give the same effects, on a ring, on threads and on the simulated disk of the tests.
///
/// A turn may hold any number of events. Everything asked for in one turn can share one batch, so
/// a runner feeds all that has arrived before it ends the turn; that is the group commit.
///
/// Used from one thread.
package struct Engine: ~Copyable {
  var effects: [EngineEffect] = []

  /// Makes an engine that has not seen its disk yet.
  ///
  /// - Parameters:
  ///   - generator: the source of ids and secrets. A store is only as hard to fool as this is
  ///     hard to guess; tests pass a seeded one.
  ///   - breakages: what is to be broken on purpose; only tests pass any.
  ///   - makeBuffer: lends memory for disk requests, at least as many bytes as asked for.
  package init(
    options: StoreOptions,
    generator: any RandomNumberGenerator,
    breakages: Breakages = [],
    makeBuffer: @escaping (Int) -> DiskBuffer = { DiskBuffer(byteCount: $0) }
  ) {
  }

  /// Takes note of an event. Effects follow at the end of the turn.
  package mutating func receive(_ event: EngineEvent) {
  }

  /// Ends a turn: appends everything that is to be done now, in order.
  package mutating func finishTurn(into effects: inout [EngineEffect]) {
    effects += self.effects
    self.effects.removeAll(keepingCapacity: true)
  }

  /// The bytes of puts that wait for the disk. A runner holds callers back while this is above
  /// ``StoreOptions/bufferedByteLimit``; the engine itself refuses nothing for it.
  package var bufferedByteCount: Int { 0 }

  /// Whether no disk request is under way and nothing waits.
  package var isIdle: Bool { true }
}
