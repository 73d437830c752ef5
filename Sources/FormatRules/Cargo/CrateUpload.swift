/// Takes apart the body of a publish request, fed in pieces.
///
/// The length of a JSON text as four bytes, the text, the length of the archive as four bytes, the
/// archive (the Cargo Book, "Web API", "Publish"); lengths are little-endian.
package struct CrateUpload {
  /// How long the JSON text may be, in bytes: it has the crate's README in it.
  package static let longestDescription = 8 << 20

  package enum Event: Hashable {
    /// The whole JSON text.
    case description([UInt8])
    /// More of the archive.
    case archive(ArraySlice<UInt8>)
  }

  private enum State {
    case descriptionLength
    case description(Int)
    case archiveLength
    case archive(remaining: Int)
  }

  private var state = State.descriptionLength
  private var pending: [UInt8] = []

  package init() {}

  /// Takes more of the body and returns what it brings, in order.
  package mutating func feed(_ bytes: [UInt8]) throws(MalformedInput) -> [Event] {
    var rest = bytes[...]
    var events: [Event] = []
    while !rest.isEmpty {
      switch state {
      case .descriptionLength:
        guard let length = takeLength(from: &rest) else { continue }
        guard 1...Self.longestDescription ~= length else {
          throw Self.failure("its description has \(length) bytes")
        }
        state = .description(length)
      case .description(let length):
        guard let text = take(length, from: &rest) else { continue }
        events.append(.description(text))
        state = .archiveLength
      case .archiveLength:
        guard let length = takeLength(from: &rest) else { continue }
        guard length > 0 else { throw Self.failure("its archive is empty") }
        state = .archive(remaining: length)
      case .archive(let remaining):
        guard remaining > 0 else { throw Self.failure("there are bytes after the archive") }
        let piece = rest.prefix(remaining)
        rest = rest.dropFirst(piece.count)
        state = .archive(remaining: remaining - piece.count)
        events.append(.archive(piece))
      }
    }
    return events
  }

  /// Ends the body.
  ///
  /// - Throws: that it was cut.
  package consuming func finish() throws(MalformedInput) {
    guard case .archive(remaining: 0) = state else {
      throw Self.failure("it ends before its announced lengths")
    }
  }

  private static func failure(_ reason: String) -> MalformedInput {
    MalformedInput("the publish request", reason)
  }

  private mutating func take(_ count: Int, from rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    let piece = rest.prefix(count - pending.count)
    pending += piece
    rest = rest.dropFirst(piece.count)
    guard pending.count == count else { return nil }
    defer { pending = [] }
    return pending
  }

  private mutating func takeLength(from rest: inout ArraySlice<UInt8>) -> Int? {
    take(4, from: &rest)?.reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
