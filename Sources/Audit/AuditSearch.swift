package import FormatRules

/// Reads a trail's files from the oldest to the newest, line by line, in constant memory: beside a
/// running server, or without one.
package struct AuditSearch: Sendable {
  /// One record that passes.
  package struct Found: Sendable {
    package let line: [UInt8]
    package let record: JSONValue
  }

  /// How long after a call began its record may come: the longest transfers.
  private static let longestCall: UInt64 = 86_400_000

  private let folder: AuditFolder
  private let filter: AuditFilter

  package init(folder: AuditFolder, filter: AuditFilter) {
    self.folder = folder
    self.filter = filter
  }

  /// Hands every record that passes to `body`, oldest file first, and returns where the newest
  /// file ended; the search ends early when `body` returns false.
  @discardableResult
  package func run(_ body: (Found) -> Bool) throws -> Position {
    var position = Position(start: 0, offset: 0)
    for file in relevant(folder.files()) {
      let lines = try self.lines(of: file)
      position.start = file.start
      position.offset = 0
      guard try read(lines, from: &position, body) else { return position }
    }
    return position
  }

  /// How far a reader has come.
  package struct Position: Sendable {
    /// When the file was begun.
    var start: UInt64
    /// How many bytes of its lines were read.
    var offset: UInt64
    /// How many lines were no records: damage, or another's doing.
    package var damagedLineCount = 0
    /// How many bytes of lines were looked at.
    package var byteCount: UInt64 = 0
  }

  /// Hands what was added since `position` to `body`, and returns how far that goes.
  package func follow(from position: Position, _ body: (Found) -> Bool) throws -> Position {
    var position = position
    for file in folder.files() where file.start >= position.start {
      let lines = try self.lines(of: file)
      if file.start == position.start { try lines.skip(to: position.offset) }
      position.start = file.start
      position.offset = lines.offset
      guard try read(lines, from: &position, body) else { return position }
    }
    return position
  }

  /// Reads a file to its end; false when `body` has enough.
  private func read(
    _ lines: AuditLines,
    from position: inout Position,
    _ body: (Found) -> Bool
  ) throws -> Bool {
    let look = AuditGlance(filter)
    while let glance = try lines.next({ look.at($0) }) {
      position.byteCount += lines.offset - position.offset
      position.offset = lines.offset
      switch glance {
      case .other: continue
      case .damaged: position.damagedLineCount += 1
      case .candidate(let line):
        guard let record = try? JSONReader.read(line) else {
          position.damagedLineCount += 1
          continue
        }
        let found = Found(line: line, record: record)
        if filter.passes(record), !body(found) { return false }
      }
    }
    return true
  }

  /// The files that may hold records of the time that is asked for: each ends where the next one
  /// begins.
  private func relevant(_ files: [AuditFolder.File]) -> [AuditFolder.File] {
    files.enumerated().filter { index, file in
      let end = index + 1 < files.count ? files[index + 1].start : .max
      let isTooOld = filter.since.map { end < $0 } ?? false
      let isTooNew = filter.until.map { file.start > $0 &+ Self.longestCall } ?? false
      return !isTooOld && !isTooNew
    }.map(\.element)
  }

  /// Opens a file; one that was compressed since it was listed is opened as it is now.
  private func lines(of file: AuditFolder.File) throws -> AuditLines {
    do { return try AuditLines(file.path, isCompressed: file.isCompressed) } catch {
      guard !file.isCompressed else { throw error }
      return try AuditLines(file.path + ".gz", isCompressed: true)
    }
  }
}
