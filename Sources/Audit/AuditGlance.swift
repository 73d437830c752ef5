import Bytes

/// What can be said of a line of the trail without reading it as JSON.
///
/// A trail has a thousand lines that are not asked for to each that is: they cost one look.
struct AuditGlance {
  enum Verdict: Sendable {
    /// Not asked for.
    case other
    /// No record at all.
    case damaged
    /// Asked for, if a closer look says so.
    case candidate([UInt8])
  }

  private static let time = Array(#""eventTime":""#.utf8)
  private static let failure = Array(#""errorCode":""#.utf8)
  private static let serviceEvent = Array(#""eventType":"AwsServiceEvent""#.utf8)

  private let needles: [[UInt8]]
  /// The first and the last second, as records write them.
  private let since: [UInt8]?
  private let until: [UInt8]?

  init(_ filter: AuditFilter) {
    let isFailure = filter.outcome.map { $0 != .ok } ?? false
    needles = filter.needles + (isFailure ? [Self.failure] : [])
    since = filter.since.map { Array(AuditTime.text($0).utf8) }
    until = filter.until.map { Array(AuditTime.text($0).utf8) }
  }

  func at(_ line: Span<UInt8>) -> Verdict {
    guard line.count > 1, line[0] == UInt8(ascii: "{"), line[line.count - 1] == UInt8(ascii: "}")
    else { return .damaged }
    guard isInTime(line) else { return .other }
    let isAskedFor = needles.allSatisfy { line.firstIndex(of: $0) != nil }
    // The trail's own events have none of the texts that are looked for.
    guard isAskedFor || line.firstIndex(of: Self.serviceEvent) != nil else { return .other }
    return .candidate(line.makeArray())
  }

  /// Times of the one form that the trail writes are in the order of their texts.
  private func isInTime(_ line: Span<UInt8>) -> Bool {
    guard since != nil || until != nil else { return true }
    guard let start = line.firstIndex(of: Self.time) else { return false }
    let text = line.extracting((start + Self.time.count)...)
    if let since, text.isBefore(since) { return false }
    return until.map { !text.isAfter($0) } ?? true
  }
}

extension Span<UInt8> {
  /// Whether the first letters are before `other`, of the same length, in the order of bytes.
  fileprivate func isBefore(_ other: [UInt8]) -> Bool { difference(from: other) < 0 }

  fileprivate func isAfter(_ other: [UInt8]) -> Bool { difference(from: other) > 0 }

  private func difference(from other: [UInt8]) -> Int {
    for (index, byte) in other.enumerated() {
      guard index < count else { return -1 }
      if self[index] != byte { return Int(self[index]) - Int(byte) }
    }
    return 0
  }
}
