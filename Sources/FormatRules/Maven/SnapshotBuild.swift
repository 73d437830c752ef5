/// One build of a snapshot: `1.0-20210728.194552-1` of `1.0-SNAPSHOT` (Maven's
/// `Artifact.VERSION_FILE_PATTERN`).
package struct SnapshotBuild: Hashable, Sendable {
  /// What stands before `-SNAPSHOT`.
  package let base: String
  /// `yyyyMMdd.HHmmss` in UTC.
  package let timestamp: String
  package let number: UInt64

  package static let ending = "-SNAPSHOT"

  /// Reads a version of this form; nil for any other.
  package init?(_ version: some StringProtocol) {
    let parts = version.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 3, Self.isNumber(parts[parts.count - 1]),
      let number = UInt64(parts[parts.count - 1]), Self.isTimestamp(parts[parts.count - 2])
    else { return nil }
    self.timestamp = String(parts[parts.count - 2])
    self.base = parts.dropLast(2).joined(separator: "-")
    self.number = number
    guard !base.isEmpty, self.version == version else { return nil }
  }

  package init?(base: String, timestamp: String, number: UInt64) {
    guard Self.isTimestamp(timestamp), !base.isEmpty else { return nil }
    self.base = base
    self.timestamp = timestamp
    self.number = number
  }

  /// The build's own version.
  package var version: String { "\(base)-\(timestamp)-\(number)" }

  /// The version that it is a build of.
  package var snapshot: String { base + Self.ending }

  /// The timestamp as metadata has times: `yyyyMMddHHmmss`.
  package var updated: String { String(timestamp.filter { $0 != "." }) }

  private static func isTimestamp(_ text: some StringProtocol) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.count == 15 && bytes[8] == UInt8(ascii: ".")
      && (bytes[..<8] + bytes[9...]).allSatisfy(\.isDigit)
  }

  /// Without zeros in front, which no build number has.
  private static func isNumber(_ text: some StringProtocol) -> Bool {
    1...18 ~= text.utf8.count && text.utf8.allSatisfy(\.isDigit)
      && (text.utf8.count == 1 || text.utf8.first != UInt8(ascii: "0"))
  }
}

extension SnapshotBuild: Comparable {
  /// By time, then by number: of two builds of one second the later deployed has the greater.
  package static func < (left: SnapshotBuild, right: SnapshotBuild) -> Bool {
    (left.timestamp, left.number, left.base) < (right.timestamp, right.number, right.base)
  }
}
