/// What the cache of small blobs holds, and what it was good for since the store was opened.
public struct CacheUsage: Hashable, Sendable {
  /// How many blobs are in memory.
  public var blobCount = 0
  /// What they take, in bytes.
  public var byteCount = 0
  /// Reads that were answered from memory.
  public var hitCount: UInt64 = 0
  /// Reads that had to ask the engine.
  public var missCount: UInt64 = 0

  /// The usage of a cache that is not there.
  public init() {}
}
