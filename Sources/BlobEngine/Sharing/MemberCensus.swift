import Bytes

/// Which members occur in more than one archive of a store, about, in memory that does not grow.
///
/// ```
///  cell: 0 nobody │ 1…254 an archive whose key makes this tag │ 255 more than one archive
/// ```
///
/// A member counts in two cells, and is common when both say so. With a cell for each 4 KiB of the
/// store, and 16 KiB for the mean member, at most one lonely member in six is taken for a common
/// one: a useless cut, if it happens to a quarter of an archive. One common member in 254 is taken
/// for a lonely one. Tags are what lets an archive be met twice, as listings may do. Members of two
/// scopes are never the same.
struct MemberCensus: Sendable {
  private static let shared: UInt8 = .max
  private static let leastCellCount: UInt64 = 64 << 10
  private static let mostCellCount: UInt64 = 64 << 20
  private static let storeByteCountForEach: UInt64 = 4 << 10

  private var cells: [UInt8]
  private var freeCount: Int

  /// Makes room for the members of a store with so many live bytes; 64 MiB are for 256 GiB.
  init(storeByteCount: UInt64) {
    let wanted = max(storeByteCount / Self.storeByteCountForEach, Self.leastCellCount)
    let leading = UInt64(wanted - 1).leadingZeroBitCount
    let count = min(Self.mostCellCount, 1 << UInt64(64 - leading))
    cells = Array(repeating: 0, count: Int(count))
    freeCount = cells.count
  }

  /// Whether so many cells are taken that counting more would make lonely members common.
  var isFull: Bool { freeCount < cells.count / 2 }

  /// Counts the members of an archive, unless there is no more room.
  mutating func count(
    _ members: [MemberPrint],
    of archive: SHA256Digest,
    in scope: KeyID? = nil
  ) {
    guard !isFull else { return }
    let tag = 1 + archive.bytes[0] % (Self.shared - 1)
    for member in members {
      for place in places(of: member, in: scope) { mark(place, with: tag) }
    }
  }

  /// Whether a member was counted for more than one archive of a scope.
  func isCommon(_ member: MemberPrint, in scope: KeyID? = nil) -> Bool {
    places(of: member, in: scope).allSatisfy { cells[$0] == Self.shared }
  }

  private mutating func mark(_ place: Int, with tag: UInt8) {
    switch cells[place] {
    case 0:
      cells[place] = tag
      freeCount -= 1
    case tag: break
    default: cells[place] = Self.shared
    }
  }

  private func places(of member: MemberPrint, in scope: KeyID?) -> [Int] {
    let mask = UInt64(cells.count - 1)
    let hash = member.hash(with: UInt64(truncatingIfNeeded: scope?.value ?? 0))
    return [Int(hash & mask), Int((hash >> 32) & mask)]
  }
}

/// What a directory says of a member's bytes: enough to tell members apart without reading them.
///
/// Whoever makes different members that look alike gets an archive cut that saves nothing.
struct MemberPrint: Hashable, Sendable {
  /// The CRC-32 of the member before it was compressed.
  let checksum: UInt32
  /// Its bytes before they were compressed.
  let plainByteCount: UInt64
  /// Its bytes as they stand in the archive.
  let byteCount: UInt64

  /// All of it, and a salt, in 64 bits (SplitMix64).
  fileprivate func hash(with salt: UInt64) -> UInt64 {
    Self.mixed(Self.mixed(UInt64(checksum) ^ (byteCount << 32) ^ salt) ^ plainByteCount)
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var value = value &+ 0x9E37_79B9_7F4A_7C15
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
