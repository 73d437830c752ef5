import CoreMetrics
import Synchronization

/// How the space of a store is used, as gauges and counters of swift-metrics.
final class SpaceMetrics: Sendable {
  private let blobs: Meter
  private let live: Meter
  private let delayed: Meter
  private let dead: Meter
  private let emptied: Meter
  private let usedSegments: Meter
  private let freeSegments: Meter
  private let isFull: Meter
  private let isTight: Meter
  private let cached: Meter
  private let written: [Counter]
  private let cacheLooks: [Counter]
  /// What was told before, since the totals of a store only grow and counters take what is added.
  private let told = Mutex<[UInt64]>([])

  init(_ factory: any MetricsFactory, _ labels: [(String, String)]) {
    func meter(_ name: String, _ more: (String, String)...) -> Meter {
      Meter(label: "blob_engine_\(name)", dimensions: labels + more, factory: factory)
    }
    func counter(_ name: String, _ more: (String, String)...) -> Counter {
      Counter(label: "blob_engine_\(name)", dimensions: labels + more, factory: factory)
    }
    blobs = meter("blobs")
    live = meter("bytes", ("state", "live"))
    delayed = meter("bytes", ("state", "delayed"))
    dead = meter("bytes", ("state", "dead"))
    emptied = meter("bytes", ("state", "emptied"))
    usedSegments = meter("segments", ("state", "used"))
    freeSegments = meter("segments", ("state", "free"))
    isFull = meter("is_full")
    isTight = meter("is_tight")
    cached = meter("cache_bytes")
    written = ["callers", "reclaim", "checkpoints", "tables"].map {
      counter("written_bytes", ("for", $0))
    }
    cacheLooks = ["hit", "miss"].map { counter("cache_looks", ("result", $0)) }
  }

  /// Tells what has become of the space since it was told last.
  func note(_ usage: StoreUsage, _ cache: CacheUsage) {
    blobs.set(usage.blobCount)
    live.set(Double(usage.liveByteCount))
    delayed.set(Double(usage.delayedByteCount))
    dead.set(Double(usage.deadByteCount))
    emptied.set(Double(usage.emptiedByteCount))
    usedSegments.set(usage.usedSegmentCount)
    freeSegments.set(usage.freeSegmentCount)
    isFull.set(usage.isFull ? 1 : 0)
    isTight.set(usage.isTight ? 1 : 0)
    cached.set(cache.byteCount)
    count(
      [
        usage.writtenByteCount, usage.movedByteCount, usage.checkpointByteCount,
        usage.tableByteCount, cache.hitCount, cache.missCount,
      ]
    )
  }

  private func count(_ totals: [UInt64]) {
    let before = told.withLock { told in
      defer { told = totals }
      return told.isEmpty ? totals.map { _ in 0 } : told
    }
    for ((total, earlier), counter) in zip(zip(totals, before), written + cacheLooks) {
      counter.increment(by: total - min(total, earlier))
    }
  }
}
