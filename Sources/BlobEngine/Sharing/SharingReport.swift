/// What sharing the members of archives has come to.
public struct SharingReport: Hashable, Sendable {
  /// The blobs that were looked at.
  public internal(set) var examinedCount = 0
  /// Those that are put together from chunks now, and were not before.
  public internal(set) var sharedCount = 0
  /// The bytes that those took in the log before.
  public internal(set) var byteCountBefore: UInt64 = 0
  /// The bytes that were written for them, of which chunks that were there already cost none.
  public internal(set) var byteCountAfter: UInt64 = 0
  /// Why other blobs stay whole, and how many.
  public internal(set) var reasons: [String: Int] = [:]

  /// Makes a report of nothing.
  public init() {}

  mutating func keepWhole(_ reason: String, _ count: Int = 1) {
    if count > 0 { reasons[reason, default: 0] += count }
  }
}
