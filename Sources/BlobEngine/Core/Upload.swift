import Bytes

/// A blob of unknown size and key, while its extents go to the log.
struct Upload {
  let id: UploadID
  let durability: Durability
  let probe: ContentProbe?
  /// The extents in their order; nil while one is on its way.
  private var extents: [ExtentReference?] = []
  /// How many of the first extents are all in the log.
  private var readyCount = 0
  /// The logical bytes of those.
  private(set) var readableByteCount: UInt64 = 0
  /// The logical bytes of all, those on their way too.
  private(set) var appendedByteCount: UInt64 = 0
  /// Why the upload can come to nothing any more.
  private(set) var failure: EngineError?
  /// What waits for the extents under way: the end of the upload.
  var finishing: (request: RequestID, name: PreparedName)?
  /// When somebody last went on with it, in milliseconds since 1970.
  var lastMilliseconds: UInt64
  /// Whether the blob is named, so that the extents live on without the upload.
  private(set) var isKept = false

  init(id: UploadID, durability: Durability, probe: ContentProbe?, now: UInt64) {
    self.id = id
    self.durability = durability
    self.probe = probe
    lastMilliseconds = now
  }

  var extentCount: Int { extents.count }

  var isComplete: Bool { readyCount == extents.count }

  /// The extents that are in the log, without a gap.
  var references: [ExtentReference] { extents[..<readyCount].compactMap { $0 } }

  /// Every extent in the log, also behind a gap.
  var stored: [ExtentReference] { extents.compactMap { $0 } }

  /// Makes a place for one extent more, and returns its number.
  mutating func begin(byteCount: Int) -> Int {
    extents.append(nil)
    appendedByteCount += UInt64(byteCount)
    return extents.count - 1
  }

  mutating func finish(_ number: Int, _ reference: ExtentReference) {
    extents[number] = reference
    while readyCount < extents.count, let next = extents[readyCount] {
      readableByteCount += next.logicalByteCount
      readyCount += 1
    }
  }

  mutating func fail(_ error: EngineError) { failure = failure ?? error }

  mutating func keep() { isKept = true }
}
