/// A place where batches are appended: a queue, the segment it goes to, and what is under way.
///
/// Invariants:
///
/// 1. At most one batch is under way.
/// 2. `active` is open, `spare` is claimed; both belong to no other lane.
/// 3. A batch to be written again goes before everything in the queue.
struct LogLane {
  let kind: Lane
  var queue = RecordQueue()
  var active: UInt32?
  var spare: UInt32?
  var isPreparing = false
  var batch: Batch?
  /// The batch whose write failed, until it is elsewhere.
  var displaced: Batch?
  /// The head digest of the lane's last batch, which the next one names.
  var lastDigest = BatchHead.chainStart
  /// Whether the lane waits for a slot that a checkpoint or reclaim is about to give back.
  var isWaitingForSpace = false
  /// Whether the last preparation of a segment failed for another reason than a full disk.
  var hasFailedPreparing = false

  init(kind: Lane) {
    self.kind = kind
  }

  /// Whether something waits to be written.
  var hasWork: Bool { displaced != nil || !queue.isEmpty }

  /// Whether the record that is next brings bytes.
  var bringsBytes: Bool { displaced == nil && !queue.isEmpty && queue[0].bringsBytes }

  /// Whether the lane could start writing now.
  var canStart: Bool { hasWork && batch == nil && !isPreparing && !isWaitingForSpace }

  var isIdle: Bool { batch == nil && !hasWork && !isPreparing }
}
