import Bytes

/// Which small blobs stay in memory: one part of the cache, a plain value.
///
/// S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi, "FIFO Queues are All You Need for Cache Eviction",
/// SOSP 2023). What is new waits in a short queue; what nobody asks for again there goes, and only
/// its name is remembered for a while. What was asked for again, or comes back while its name is
/// remembered, goes to the long queue, where each use is worth one more round. So a backup that
/// reads everything once passes through the short queue and takes nothing from what is in use.
struct BlobQueues {
  struct Cached: Sendable {
    let info: BlobInfo
    let bytes: [UInt8]
    /// Whether the log holds the bytes compressed.
    var isCompressed = false

    /// About what it takes in memory: the entry, its places in the queues and the array's head
    /// were counted as 200 bytes.
    var cost: Int { bytes.count + 200 }
  }

  private struct Entry {
    let cached: Cached
    /// Tells it from an earlier one of its name, whose place in a queue is still there.
    let serial: UInt64
    var uses: UInt8 = 0
  }

  private struct Place {
    let name: SHA256Digest
    let serial: UInt64
  }

  private static let mostUses: UInt8 = 3

  private let budget: Int
  private var entries: [SHA256Digest: Entry] = [:]
  private var short = FirstInFirstOut<Place>()
  private var long = FirstInFirstOut<Place>()
  private var shortCost = 0
  private var longCost = 0
  private var inLong: Set<UInt64> = []
  private var remembered: [SHA256Digest: UInt64] = [:]
  private var memory = FirstInFirstOut<Place>()
  private var nextSerial: UInt64 = 0

  /// - Parameter budget: the most that the blobs may take, in bytes.
  init(budget: Int) {
    self.budget = budget
  }

  var cost: Int { shortCost + longCost }
  var count: Int { entries.count }
  /// How many places the queues hold, those of removed blobs included.
  var placeCount: Int { short.count + long.count }

  /// Returns a blob, and counts the use.
  mutating func use(_ name: SHA256Digest) -> Cached? {
    guard let index = entries.index(forKey: name) else { return nil }
    if entries.values[index].uses < Self.mostUses { entries.values[index].uses += 1 }
    return entries.values[index].cached
  }

  /// Takes a blob in, and lets others go for it.
  mutating func insert(_ cached: Cached, as name: SHA256Digest) {
    guard cached.cost <= budget / 2, entries[name] == nil else { return }
    nextSerial += 1
    let place = Place(name: name, serial: nextSerial)
    entries[name] = Entry(cached: cached, serial: nextSerial)
    if remembered.removeValue(forKey: name) != nil {
      enterLong(place, cached.cost)
    } else {
      short.append(place)
      shortCost += cached.cost
    }
    while cost > budget { shortCost * 10 > budget || longCost == 0 ? shorten() : rotate() }
    forgetPlaces()
  }

  /// Drops the places of what was removed, once they are as many as the others.
  private mutating func forgetPlaces() {
    guard short.count + long.count > 2 * entries.count + 128 else { return }
    let serials = Set(entries.values.map(\.serial))
    short.removeAll { !serials.contains($0.serial) }
    long.removeAll { !serials.contains($0.serial) }
  }

  /// Lets a blob go that must not be found any more.
  mutating func remove(_ name: SHA256Digest) {
    remembered[name] = nil
    guard let entry = entries.removeValue(forKey: name) else { return }
    if inLong.remove(entry.serial) != nil {
      longCost -= entry.cached.cost
    } else {
      shortCost -= entry.cached.cost
    }
  }

  private mutating func enterLong(_ place: Place, _ cost: Int) {
    long.append(place)
    inLong.insert(place.serial)
    longCost += cost
  }

  /// The entry whose place this is; nil when it has gone since.
  private func entry(at place: Place) -> Entry? {
    entries[place.name].flatMap { $0.serial == place.serial ? $0 : nil }
  }

  /// Takes the oldest out of the short queue: on to the long one, or out.
  private mutating func shorten() {
    guard let place = short.popFirst() else { return }
    guard let entry = entry(at: place) else { return }
    shortCost -= entry.cached.cost
    if entry.uses > 1 {
      entries[place.name]?.uses = 0
      return enterLong(place, entry.cached.cost)
    }
    entries[place.name] = nil
    remember(place)
  }

  /// Takes the oldest out of the long queue, or sends it around once more.
  private mutating func rotate() {
    guard let place = long.popFirst(), let entry = entry(at: place) else { return }
    if entry.uses > 0 {
      entries[place.name]?.uses -= 1
      return long.append(place)
    }
    longCost -= entry.cached.cost
    inLong.remove(place.serial)
    entries[place.name] = nil
  }

  /// Remembers as many names as there are blobs.
  private mutating func remember(_ place: Place) {
    remembered[place.name] = place.serial
    memory.append(place)
    while memory.count > max(64, entries.count), let oldest = memory.popFirst() {
      if remembered[oldest.name] == oldest.serial { remembered[oldest.name] = nil }
    }
  }
}
