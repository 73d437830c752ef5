import Disk

/// Which requests go wrong, and how: some by name, some by chance.
package struct FaultPlan: Sendable {
  /// The kinds of requests, for picking some of them.
  package enum Verb: Hashable, CaseIterable, Sendable {
    case create, extend, remove, read, write, flush, flushDirectory
  }

  /// The kinds of files, for picking some of them.
  package enum Room: Hashable, CaseIterable, Sendable {
    case superblock, slot, checkpoint
  }

  /// A fault that happens to one request or to a run of them.
  package struct Rule: Sendable {
    package var fault: SimulatedFault
    package var verb: Verb
    /// Nil: any file.
    package var room: Room?
    /// How many requests that match go well first.
    package var skipping: Int
    /// How many go wrong then.
    package var count: Int

    package init(
      _ fault: SimulatedFault,
      on verb: Verb,
      in room: Room? = nil,
      skipping: Int = 0,
      count: Int = 1
    ) {
      self.fault = fault
      self.verb = verb
      self.room = room
      self.skipping = skipping
      self.count = count
    }
  }

  /// A fault that happens to one request in `oneIn` of those that match.
  package struct Chance: Sendable {
    package var fault: SimulatedFault
    package var verb: Verb
    package var room: Room?
    package var oneIn: Int

    package init(_ fault: SimulatedFault, on verb: Verb, in room: Room? = nil, oneIn: Int) {
      self.fault = fault
      self.verb = verb
      self.room = room
      self.oneIn = oneIn
    }
  }

  package var rules: [Rule]
  package var chances: [Chance]

  package init(rules: [Rule] = [], chances: [Chance] = []) {
    self.rules = rules
    self.chances = chances
  }

  /// Returns the fault that the next request of this kind meets, and counts it.
  mutating func next(
    for operation: DiskOperation,
    using generator: inout SeededGenerator
  ) -> SimulatedFault? {
    if rules.isEmpty && chances.isEmpty { return nil }
    var fault: SimulatedFault?
    for index in rules.indices where rules[index].matches(operation) {
      if rules[index].takeTurn() { fault = fault ?? rules[index].fault }
    }
    if let fault { return fault }
    return chances.first { chance in
      chance.verb == operation.verb && (chance.room ?? operation.file.room) == operation.file.room
        && generator.once(in: chance.oneIn)
    }?.fault
  }
}

extension FaultPlan {
  /// The plan in words, for a failure's message; empty when nothing goes wrong.
  var summary: String {
    let rules = rules.map { "\($0.fault) on \($0.verb) \($0.skipping) +\($0.count)" }
    let chances = chances.map { "\($0.fault) on \($0.verb) 1 in \($0.oneIn)" }
    let all = (rules + chances).joined(separator: ", ")
    return all.isEmpty ? "" : " [disk: \(all)]"
  }
}

extension FaultPlan.Rule {
  fileprivate func matches(_ operation: DiskOperation) -> Bool {
    verb == operation.verb && (room ?? operation.file.room) == operation.file.room
  }

  fileprivate mutating func takeTurn() -> Bool {
    if skipping > 0 {
      skipping -= 1
      return false
    }
    guard count > 0 else { return false }
    count -= 1
    return true
  }
}

extension DiskOperation {
  var verb: FaultPlan.Verb {
    switch self {
    case .create: .create
    case .extend: .extend
    case .remove: .remove
    case .read: .read
    case .write: .write
    case .flush: .flush
    case .flushDirectory: .flushDirectory
    }
  }

  var file: StoreFile {
    switch self {
    case .create(let file, _), .extend(let file, _), .remove(let file), .flush(let file),
      .flushDirectory(let file):
      file
    case .read(let file, _, _, _, _, _): file
    case .write(let file, _, _, _, _, _): file
    }
  }
}

extension StoreFile {
  var room: FaultPlan.Room {
    switch self {
    case .superblock: .superblock
    case .slot: .slot
    case .checkpoint: .checkpoint
    }
  }
}
