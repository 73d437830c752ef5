import BlobEngine
import Catalog
import Foundation

/// How far the verification of a store has come, kept in a file over restarts.
///
/// A lost file costs a pass that begins anew, so nothing is flushed for it.
struct ScrubPosition: Codable, Equatable {
  /// How many passes there were before this one: it says which share of the blobs is read whole.
  var passNumber = 0
  /// When this pass began, in microseconds since 1970.
  var startedAt: Int64
  /// Where the log goes on, as ``ScrubCursor`` writes it; nil: at its beginning.
  var cursor: String?
  /// Whether the log is done, and the rows are under way.
  var isLogDone = false
  /// The last row that was seen.
  var domain: Int64?
  var key: String?
  var byteCount: Int64?
  /// Whether all of it is done, until the next pass is due.
  var isOver = false

  init(startedAt: Timestamp) {
    self.startedAt = startedAt.microseconds
  }

  /// Reads a position; nil when there is none that can be read.
  init?(path: String) {
    guard let data = FileManager.default.contents(atPath: path),
      let position = try? JSONDecoder().decode(ScrubPosition.self, from: data)
    else { return nil }
    self = position
  }

  func write(to path: String) throws {
    try JSONEncoder().encode(self).write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  /// The same pass, one further.
  mutating func begin(at time: Timestamp) {
    let number = passNumber
    self = ScrubPosition(startedAt: time)
    passNumber = number + 1
  }
}
