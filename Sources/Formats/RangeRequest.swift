/// A `Range` header of one range of bytes (RFC 9110 section 14.1.2).
///
/// Several ranges, other units and what breaks the grammar are no range request: a server may
/// always send the whole.
enum RangeRequest: Equatable {
  /// `bytes=first-last` or `bytes=first-`; both places are offsets of bytes, inclusive.
  case from(UInt64, through: UInt64?)
  /// `bytes=-count`: the last bytes.
  case last(UInt64)

  init?(_ header: String) {
    let unit = "bytes="
    guard header.prefix(unit.count).lowercased() == unit else { return nil }
    let parts = header.dropFirst(unit.count).split(
      separator: "-",
      omittingEmptySubsequences: false
    )
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }) else {
      return nil
    }
    switch (Self.number(parts[0]), Self.number(parts[1])) {
    case (let first?, let last?) where first <= last: self = .from(first, through: last)
    case (let first?, nil) where parts[1].isEmpty: self = .from(first, through: nil)
    case (nil, let count?) where parts[0].isEmpty: self = .last(count)
    default: return nil
    }
  }

  /// A number beyond 64 bits is beyond every file, and its greatest value says the same.
  private static func number(_ digits: Substring) -> UInt64? {
    digits.isEmpty ? nil : UInt64(digits) ?? .max
  }

  /// What it means of a file of `byteCount` bytes; nil when none of it exists.
  func resolve(in byteCount: UInt64) -> Range<UInt64>? {
    switch self {
    case .from(let first, let last):
      guard first < byteCount else { return nil }
      return first..<(min(last ?? .max, byteCount - 1) + 1)
    case .last(let count):
      guard count > 0, byteCount > 0 else { return nil }
      return (byteCount - min(count, byteCount))..<byteCount
    }
  }
}
