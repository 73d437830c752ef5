import Glibc
import Ring

/// The descriptors that a disk has open, at most `limit` of them, each in a place of its own.
///
/// A store of 256 TiB has a million slots; so files are opened when they are first named, and the
/// one that rested longest makes room. A place changes hands only while nothing under way uses it.
struct FileTable {
  /// One way of opening one file.
  struct Key: Hashable {
    let file: StoreFile
    let direct: Bool
  }

  private struct Entry {
    let key: Key
    let file: OpenFile
    var users = 0
    var lastUse: UInt64
    /// The file was removed; its place becomes free with the last user.
    var forgotten = false
  }

  let limit: Int
  /// Half of the descriptors that this process may have (RLIMIT_NOFILE): the rest of the program
  /// wants some too.
  static var systemShare: Int {
    var limit = rlimit()
    // SAFETY: fills a local.
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return 512
    }
    return Int(min(limit.rlim_cur, 1 << 20)) / 2
  }

  private var places: [Key: Int] = [:]
  private var entries: [Entry?] = []
  private var clock: UInt64 = 0

  init(limit: Int) {
    self.limit = limit
  }

  /// The place of an open file, if it has one.
  func place(of key: Key) -> Int? {
    places[key]
  }

  /// The file in a place that is in use.
  func file(at place: Int) -> OpenFile {
    guard let entry = entries[place] else { preconditionFailure("the place is in use") }
    return entry.file
  }

  /// Counts a user of a place, until ``release(_:)``.
  mutating func retain(_ place: Int) {
    clock += 1
    entries[place]?.users += 1
    entries[place]?.lastUse = clock
  }

  /// - Returns: the place, if it has become free by this.
  mutating func release(_ place: Int) -> Int? {
    entries[place]?.users -= 1
    guard let entry = entries[place], entry.forgotten, entry.users == 0 else { return nil }
    entries[place] = nil
    return place
  }

  /// Puts a file into a free place, or into that of the file that rested longest.
  ///
  /// - Returns: the place, or nil when all are in use.
  mutating func insert(_ file: OpenFile, as key: Key) -> Int? {
    clock += 1
    guard let place = freePlace() else { return nil }
    entries[place] = Entry(key: key, file: file, lastUse: clock)
    places[key] = place
    return place
  }

  /// Forgets a file that was removed, in both its openings; those under way keep it open.
  ///
  /// - Returns: the places that have become free by this.
  mutating func forget(_ file: StoreFile) -> [Int] {
    var emptied: [Int] = []
    for direct in [true, false] {
      guard let place = places.removeValue(forKey: Key(file: file, direct: direct)) else {
        continue
      }
      if entries[place]?.users == 0 {
        entries[place] = nil
        emptied.append(place)
      } else {
        entries[place]?.forgotten = true
      }
    }
    return emptied
  }

  private mutating func freePlace() -> Int? {
    if let place = entries.firstIndex(where: { $0 == nil }) { return place }
    if entries.count < limit {
      entries.append(nil)
      return entries.count - 1
    }
    var oldest: Int?
    for (place, entry) in entries.enumerated() {
      guard let entry, entry.users == 0 else { continue }
      if let best = oldest, let other = entries[best], other.lastUse <= entry.lastUse { continue }
      oldest = place
    }
    if let oldest, let key = entries[oldest]?.key {
      places[key] = nil
      entries[oldest] = nil
    }
    return oldest
  }
}
