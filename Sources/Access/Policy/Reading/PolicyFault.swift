/// What is wrong with a policy document, and where.
package struct PolicyFault: Error, Hashable {
  /// Where the fault is in the document's tree, such as `Statement[0].Action[2]`; empty for the
  /// document as a whole.
  package let path: String
  /// From 1.
  package let line: Int
  /// From 1, in Unicode scalars.
  package let column: Int
  /// A sentence without its full stop.
  package let reason: String

  /// For a person: the place in both forms, then the reason.
  package var message: String {
    let place = path.isEmpty ? "" : " at \(path)"
    return "The policy document is malformed\(place) (line \(line), column \(column)): \(reason)."
  }
}

/// A fault whose place is still an offset into the text.
struct LocatedFault: Error {
  var path: String
  let offset: Int
  let reason: String

  /// Counts lines and columns up to the offset; a carriage return, a line feed and the pair of them
  /// each end one line.
  ///
  /// - Complexity: O(n) in the offset.
  func placed(in text: [UInt8]) -> PolicyFault {
    var (line, column) = (1, 1)
    var previous: UInt8 = 0
    for byte in text.prefix(offset) {
      defer { previous = byte }
      switch byte {
      case UInt8(ascii: "\n") where previous == UInt8(ascii: "\r"): break
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): (line, column) = (line + 1, 1)
      case 0x80..<0xC0: break
      default: column += 1
      }
    }
    return PolicyFault(path: path, line: line, column: column, reason: reason)
  }
}
