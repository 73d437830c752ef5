import Disk

/// Who counts on room in the files of the index, and who waits for some.
struct CheckpointRoom {
  /// Hears whether there is room; an error says why there is none.
  typealias Waiter = (inout Engine, EngineError?) -> Void

  /// Entries that are promised to puts under way, by partition.
  private var promised = [Int](repeating: 0, count: StoreFormat.partitionCount)
  private var waiting: [UInt8: [Waiter]] = [:]
  /// The partitions whose files are to be made longer.
  private var wanted: Set<UInt8> = []
  /// The partitions whose files are made while nobody waits for them, last first.
  private var ahead: [UInt8] = []
  /// Whether files are being made longer.
  var isGrowing = false
  /// Why files could not be made longer when that was last tried; nil: they could.
  private(set) var refusal: EngineError?
  /// Whether the file system may be asked again although it has refused.
  private var mayAskAgain = false

  /// Whether files may be made longer now.
  var mayAsk: Bool { refusal == nil || mayAskAgain }

  func promisedCount(in partition: UInt8) -> Int { promised[Int(partition)] }

  mutating func promise(_ count: Int, in partition: UInt8) {
    promised[Int(partition)] += count
    precondition(promised[Int(partition)] >= 0, "what is kept was promised")
  }

  // MARK: Growth

  mutating func want(_ partition: UInt8) { wanted.insert(partition) }

  mutating func wait(for partition: UInt8, _ waiter: @escaping Waiter) {
    wanted.insert(partition)
    waiting[partition, default: []].append(waiter)
  }

  func waitingCount(for partition: UInt8) -> Int { waiting[partition]?.count ?? 0 }

  mutating func wantAhead(_ partitions: [UInt8]) { ahead = partitions }

  /// The partitions that are wanted longer, to be seen to now.
  mutating func takeWanted() -> [UInt8] {
    defer { wanted = [] }
    return wanted.sorted()
  }

  /// Some of the partitions whose files are made ahead, unless there was no room for the last ones:
  /// making a file takes 50 us of the loop's time.
  mutating func takeAhead() -> [UInt8] {
    if refusal != nil { ahead = [] }
    defer { ahead.removeLast(min(ahead.count, Self.aheadAtOnce)) }
    return ahead.suffix(Self.aheadAtOnce)
  }

  private static let aheadAtOnce = 16

  mutating func takeWaiting(for partition: UInt8) -> [Waiter] {
    waiting.removeValue(forKey: partition) ?? []
  }

  mutating func note(_ refusal: EngineError?) {
    self.refusal = refusal
    mayAskAgain = false
  }

  /// Time has passed.
  mutating func tryAgain() { mayAskAgain = true }
}

/// The files of some partitions that are being made longer together.
final class CheckpointGrowth {
  struct File {
    let partition: UInt8
    let second: Bool
    let byteCount: UInt64
    /// Whether the file is there.
    let exists: Bool
    /// Whether its name is known to be durable.
    let isNamed: Bool

    var file: StoreFile { .checkpoint(partition: partition, second: second) }

    /// What takes the space.
    var allocation: DiskOperation {
      exists ? .extend(file, byteCount: byteCount) : .create(file, byteCount: byteCount)
    }

    /// What makes it durable.
    var flush: DiskOperation { .flush(file) }
  }

  let partitions: [UInt8]
  /// What is still to be done, and then what has got its space.
  var files: [File]
  /// What went wrong first.
  var failure: DiskFailure?

  init(partitions: [UInt8], files: [File]) {
    self.partitions = partitions
    self.files = files
  }

  /// Keeps the files for which an operation succeeded, and notes why others failed.
  func keep(_ results: [Result<Int, DiskError>]) {
    var kept: [File] = []
    for (file, result) in zip(files, results) {
      switch result {
      case .success: kept.append(file)
      case .failure(let error): failure = failure ?? DiskFailure(error)
      }
    }
    files = kept
  }
}
