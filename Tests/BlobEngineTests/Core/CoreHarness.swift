import Bytes
import Codec
import Disk
import Testing

@testable import BlobEngine

/// An engine on a disk in memory, asked one thing after the other.
final class CoreHarness {
  let disk: MemoryDisk
  var engine: Engine
  private(set) var report: OpenReport?
  private(set) var openFailure: EngineError?
  private(set) var logged: [EngineLogEntry] = []
  private var replies: [RequestID: Result<EngineReply, EngineError>] = [:]
  private var nextRequest: RequestID = 1
  /// Held back until ``release()``: what the disk was asked for and has not answered.
  var isHolding = false
  /// Which requests are held back besides; nil: none.
  var holds: ((DiskOperation) -> Bool)?
  private(set) var held: [DiskRequest] = []
  /// Whether the disk is held back as soon as the store is open.
  private let holdsWhenOpen: Bool
  /// How often something was to be compressed again.
  private(set) var recompressionCount = 0
  /// The keys that work elsewhere may use.
  let keyRing = KeyRing(SaltSource(CountingGenerator(seed: 99)))
  /// What is done to bytes that are compressed again, as a faulty compressor would.
  var alterRecompressed: (inout [UInt8]) -> Void = { _ in }

  static let smallOptions = StoreOptions(
    segmentByteCount: 256 << 10,
    capacityByteCount: 4 << 20,
    recentByteLimit: 64 << 10,
    checkpointByteInterval: 1 << 30
  )

  /// As small, with nothing read from memory.
  static var uncachedOptions: StoreOptions {
    var options = smallOptions
    options.recentByteLimit = 0
    return options
  }

  init(
    _ disk: MemoryDisk = MemoryDisk(),
    options: StoreOptions = smallOptions,
    breakages: Breakages = [],
    seed: UInt64 = 1,
    milliseconds: UInt64 = 1_000_000,
    holdsWhenOpen: Bool = false
  ) {
    self.disk = disk
    self.holdsWhenOpen = holdsWhenOpen
    self.engine = Engine(
      options: options,
      generator: CountingGenerator(seed: seed),
      breakages: breakages
    )
    engine.receive(.tick(unixMilliseconds: milliseconds))
    engine.receive(.open(0, files: disk.sizes))
    run()
    switch replies.removeValue(forKey: 0) {
    case .success(.opened(let report)): self.report = report
    case .failure(let error): openFailure = error
    default: break
    }
  }

  /// Ends turns and carries effects out until nothing is left to do.
  func run() {
    while true {
      var effects: [EngineEffect] = []
      engine.finishTurn(into: &effects)
      guard !effects.isEmpty else { break }
      for effect in effects { apply(effect) }
    }
    if !isHolding { engine.checkInvariants() }
  }

  private func apply(_ effect: EngineEffect) {
    switch effect {
    case .submit(let request):
      guard !isHolding, holds?(request.operation) != true else { return held.append(request) }
      perform(request)
    case .recompress(let work):
      recompressionCount += 1
      _ = ask(.recompressed(work.id, work.run(with: keyRing, altering: alterRecompressed)))
    case .reply(let id, let result):
      #expect(replies[id] == nil, "a request is answered once")
      replies[id] = result
      if id == 0, holdsWhenOpen { isHolding = true }
    case .log(let entry):
      logged.append(entry)
    }
  }

  private func perform(_ request: DiskRequest) {
    let result = disk.perform(request.operation)
    engine.receive(.completed(DiskCompletion(id: request.id, result: result)))
  }

  /// Lets the disk answer one of those that are held back, and goes on holding the others.
  func release(_ index: Int) {
    perform(held.remove(at: index))
    run()
  }

  /// Lets the disk answer what was held back.
  func release() {
    isHolding = false
    holds = nil
    let requests = held
    held = []
    for request in requests { apply(.submit(request)) }
    run()
  }

  /// Asks without waiting for the answer.
  func ask(_ request: EngineRequest) -> RequestID {
    let id = nextRequest
    nextRequest += 1
    engine.receive(.requested(id, request))
    return id
  }

  func answer(to id: RequestID) -> Result<EngineReply, EngineError>? {
    replies.removeValue(forKey: id)
  }

  @discardableResult
  func request(_ request: EngineRequest) throws -> EngineReply {
    let id = ask(request)
    run()
    return try #require(answer(to: id)).get()
  }

  // MARK: In words

  var preparer: Preparer { get throws { try #require(report).preparer } }

  @discardableResult
  func put(_ bytes: [UInt8], _ durability: Durability = .flushed) throws -> BlobInfo {
    guard case .stored(let info) = try request(.put(preparer.blob(bytes), durability)) else {
      throw Unexpected()
    }
    return info
  }

  /// Uploads bytes of any size in pieces.
  @discardableResult
  func upload(_ bytes: [UInt8], _ durability: Durability = .flushed) throws -> BlobInfo {
    let id = try beginUpload(durability)
    let size = try preparer.extentByteCount
    for start in stride(from: 0, to: bytes.count, by: size) {
      let piece = Array(bytes[start..<min(start + size, bytes.count)])
      try request(.append(id, preparer.extent(piece)))
    }
    let key = SHA256Stream.digest(of: bytes.span)
    guard case .stored(let info) = try request(.finishUpload(id, PreparedName(key))) else {
      throw Unexpected()
    }
    return info
  }

  func beginUpload(_ durability: Durability = .flushed) throws -> UploadID {
    guard case .upload(let id, _) = try request(.beginUpload(durability, probe: nil)) else {
      throw Unexpected()
    }
    return id
  }

  func get(_ key: SHA256Digest, _ range: Range<UInt64>? = nil) throws -> [UInt8]? {
    var bytes: [UInt8] = []
    var reply = try request(.read(key, range: range))
    while case .piece(let piece) = reply {
      #expect(piece.offset == (range?.lowerBound ?? 0) + UInt64(bytes.count))
      bytes += try piece.decoded()
      guard let reader = piece.reader else { return bytes }
      reply = try request(.readOn(reader))
    }
    guard case .absent = reply else { throw Unexpected() }
    return nil
  }

  func delete(_ key: SHA256Digest) throws -> Bool {
    guard case .deleted(let was) = try request(.delete(key)) else { throw Unexpected() }
    return was
  }

  func keys() throws -> Set<SHA256Digest> {
    var all: Set<SHA256Digest> = []
    var cursor: ListCursor?
    repeat {
      guard case .keys(let page) = try request(.list(after: cursor)) else { throw Unexpected() }
      for (key, _) in page.keys { #expect(all.insert(key).inserted, "a key is listed once") }
      cursor = page.next
    } while cursor != nil
    return all
  }

  /// Scrubs the whole store.
  func scrub() throws -> (damaged: [SHA256Digest], other: [String]) {
    var damaged: [SHA256Digest] = []
    var other: [String] = []
    var cursor: ScrubCursor?
    repeat {
      guard case .scrubbed(let report) = try request(.scrub(after: cursor)) else {
        throw Unexpected()
      }
      damaged += report.damaged.map(\.key)
      other += report.otherDamage
      cursor = report.next
    } while cursor != nil
    return (damaged, other)
  }

  /// Where the last batch of small things went.
  var lastBatch: MemoryDisk.Place? {
    guard let slot = engine.lanes[.ingest].active else { return nil }
    return disk.writes.last { $0.slot == slot && $0.offset >= 4096 }
  }

  func close() throws { try request(.close) }

  /// Opens what is on the disk now, as after a crash of the process.
  func reopened(
    options: StoreOptions = smallOptions,
    seed: UInt64 = 2,
    milliseconds: UInt64 = 1_000_000
  ) -> CoreHarness {
    CoreHarness(disk, options: options, seed: seed, milliseconds: milliseconds)
  }

  /// Lets time pass.
  func pass(to milliseconds: UInt64) {
    engine.receive(.tick(unixMilliseconds: milliseconds))
    run()
  }

  struct Unexpected: Error {}
}

/// A generator whose numbers follow from its seed (SplitMix64).
struct CountingGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

/// Bytes that follow from a seed and do not compress.
func noise(_ count: Int, seed: UInt64 = 7) -> [UInt8] {
  var generator = CountingGenerator(seed: seed)
  var bytes: [UInt8] = []
  bytes.reserveCapacity(count + 8)
  while bytes.count < count {
    let word = generator.next()
    for shift in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
    }
  }
  return Array(bytes.prefix(count))
}

/// Bytes that compress well.
func text(_ count: Int) -> [UInt8] {
  Array("The quick brown fox jumps over the lazy dog, number ".utf8).repeated(to: count)
}

extension [UInt8] {
  fileprivate func repeated(to count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var number = 0
    while bytes.count < count {
      bytes += self + Array("\(number).\n".utf8)
      number += 1
    }
    return Array(bytes.prefix(count))
  }
}

extension Engine {
  /// The parts of the files that hold something.
  var usedRanges: [(StoreFile, Range<Int>)] {
    var ranges: [(StoreFile, Range<Int>)] = [(.superblock, 0..<Superblock.fileByteCount)]
    for number in slots.numbers {
      guard let segment = slots[number].segment else { continue }
      ranges.append((.slot(number), 0..<SegmentHeader.byteCount))
      if segment.end > SegmentHeader.byteCount {
        ranges.append((.slot(number), SegmentHeader.byteCount..<segment.end))
      }
      if let footer = segment.footer {
        ranges.append((.slot(number), footer.offset..<limits.segmentByteCount))
      }
    }
    return ranges
  }
}
