/// A place where batches are appended: a queue, the segment it goes to, and what is under way.
///
/// Invariants:
///
/// 1. Batches become durable in the order of their places, whatever order their writes end in.
/// 2. More than one is under way only in the lane of large blobs, behind a batch that is durable.
/// 3. `active` is open, `spare` is claimed; both belong to no other lane.
/// 4. Batches to be written again go before everything in the queue.
struct LogLane {
  let kind: Lane
  var queue = RecordQueue()
  var active: UInt32?
  var spare: UInt32?
  var isPreparing = false
  /// What is being written, in the order of the places.
  var underWay: [Batch] = []
  /// Whether the open segment has a durable batch.
  var hasSettled = false
  /// Whether the open segment has no room, and is closed once nothing is under way.
  var isDraining = false
  /// The batches whose writes failed, and those behind them, until they are elsewhere.
  var displaced: [Batch] = []
  /// The head digest of the lane's last durable batch, which the next one names.
  var lastDigest = BatchHead.chainStart
  /// Whether the lane waits for a slot that a checkpoint or reclaim is about to give back.
  var isWaitingForSpace = false
  /// Whether the last preparation of a segment failed for another reason than a full disk.
  var hasFailedPreparing = false

  init(kind: Lane) {
    self.kind = kind
  }

  /// The pieces of large blobs count for nothing before their name is written, so a crash may leave
  /// a hole between them (*Recovery*, the tail rule).
  ///
  /// Of a disk whose flush takes 4 ms one write of 4 MiB at a time makes 1 GB/s, four make 2.5.
  static let largeUnderWayLimit = 4

  private var underWayLimit: Int {
    kind == .large && hasSettled ? Self.largeUnderWayLimit : 1
  }

  /// Whether something waits to be written.
  var hasWork: Bool { !displaced.isEmpty || !queue.isEmpty }

  /// Whether the record that is next brings bytes.
  var bringsBytes: Bool { displaced.isEmpty && !queue.isEmpty && queue[0].bringsBytes }

  /// Whether the lane could start writing now.
  var canStart: Bool { hasWork && takesBatches && !isPreparing && !isWaitingForSpace }

  private var takesBatches: Bool {
    underWay.count < underWayLimit && !isDraining && !underWay.contains(where: \.hasFailed)
  }

  var isIdle: Bool { underWay.isEmpty && !hasWork && !isPreparing }

  /// Goes on in a segment that nothing was written to since it was prepared.
  mutating func begin(in slot: UInt32) {
    active = slot
    hasSettled = false
  }

  /// Takes the batches out that are durable and have none before them that is not.
  mutating func takeDurable() -> [Batch] {
    let durable = Array(underWay.prefix { $0.isDurable })
    underWay.removeFirst(durable.count)
    if underWay.isEmpty { isDraining = false }
    return durable
  }

  /// Takes everything out, once it has ended and the first of it has failed.
  mutating func takeFailed() -> [Batch] {
    guard underWay.first?.hasFailed == true, underWay.allSatisfy(\.hasEnded) else { return [] }
    defer {
      underWay = []
      isDraining = false
    }
    return underWay
  }
}
