import Bytes

/// One walk through a store for archives that have members in common, in constant memory.
///
/// Twice through all blobs: first it is counted which members there are, then those archives are
/// shared of which enough is common. Both times only directories are read, a few KiB of an archive;
/// its bytes are read when it is cut. So a pass that is broken off has lost little: the next one
/// counts anew, and finds what was shared to be shared. What reclaim moves meanwhile may be missed
/// until then, too. Archives of a scope take part while its key is at hand, and share with one
/// another alone.
struct SharingPass {
  private let runtime: StoreRuntime
  private let rests: SharingRests
  /// Keys that are held for as long as the pass lasts.
  private let keys: [KeyID: DataKey]
  private var sharing: MemberSharing
  private var census: MemberCensus

  init(
    _ runtime: StoreRuntime,
    _ rests: SharingRests,
    keys: [DataKey] = []
  ) async throws(EngineError) {
    self.runtime = runtime
    self.rests = rests
    self.keys = Dictionary(keys.map { ($0.id, $0) }) { first, _ in first }
    sharing = MemberSharing(runtime, rests)
    guard case .usage(let usage) = try await runtime.inbox.ask(.usage) else {
      preconditionFailure("the engine answers in kind")
    }
    census = MemberCensus(storeByteCount: usage.liveByteCount)
  }

  /// Walks to the end, and says what came of it.
  ///
  /// - Throws: ``EngineError/storageFull``, ``EngineError/readOnly(_:)``, ``EngineError/closed``,
  ///   also when the task was cancelled, or what the disk refused.
  mutating func run() async throws(EngineError) -> SharingReport {
    var cursor: ListCursor?
    repeat {
      for key in try await page(after: &cursor) { try await count(key) }
    } while cursor != nil
    sharing.report.reasons = [:]
    repeat {
      for key in try await page(after: &cursor) { try await shareIfWorthwhile(key) }
    } while cursor != nil
    return sharing.report
  }

  /// Returns the next blobs of the store, in the order of the log, and moves the cursor behind
  /// them: to nil, after the last.
  private func page(after cursor: inout ListCursor?) async throws(EngineError) -> [SHA256Digest] {
    let start = ContinuousClock.now
    guard case .keys(let page) = try await runtime.inbox.ask(.list(after: cursor)) else {
      preconditionFailure("the engine answers in kind")
    }
    // Rounds after the first, for what was moved, might have no end.
    cursor = page.next.flatMap { $0.movedAfter == nil ? $0 : nil }
    _ = try await rests.rest(since: start)
    return page.keys.map(\.key)
  }

  private mutating func count(_ name: SHA256Digest) async throws(EngineError) {
    sharing.report.examinedCount += 1
    guard let (blob, outline) = try await outline(of: name) else { return }
    census.count(outline.members.map(\.print), of: name, in: blob.scope.keyID)
  }

  private mutating func shareIfWorthwhile(_ name: SHA256Digest) async throws(EngineError) {
    guard let (blob, outline) = try await outline(of: name) else { return }
    guard isWorthwhile(outline, in: blob.scope) else {
      return sharing.report.keepWhole("too little would be saved")
    }
    try await sharing.share(blob)
  }

  /// Reads the directory of what may be an archive.
  private mutating func outline(
    of name: SHA256Digest
  ) async throws(EngineError) -> (NamedBlob, ArchiveOutline)? {
    // What the record says is the same in every scope.
    let plain = NamedBlob(name: name, scope: BlobScope(runtime, key: nil))
    guard let info = try await sharing.stat(plain) else { return nil }
    guard let scope = scope(of: info) else {
      sharing.report.keepWhole("its key is not at hand")
      return nil
    }
    let blob = NamedBlob(name: name, scope: scope)
    return try await sharing.outline(of: blob, info).map { (blob, $0) }
  }

  /// The scope that a blob says it is of; nil when its key is not known.
  private func scope(of info: BlobInfo) -> BlobScope? {
    guard let id = info.keyID else { return BlobScope(runtime, key: nil) }
    return (keys[id] ?? runtime.keys.key(id)).map { BlobScope(runtime, key: $0) }
  }

  /// Each of two or more archives that have a member saves half of it at least, in the mean of all
  /// of them.
  private func isWorthwhile(_ outline: ArchiveOutline, in scope: BlobScope) -> Bool {
    let common = outline.members.lazy.filter { census.isCommon($0.print, in: scope.keyID) }
    let saved = common.reduce(UInt64(0)) { $0 + $1.byteCount / 2 }
    let stored = outline.info.storedByteCount
    return outline.info.byteCount - saved <= stored - stored / sharing.rules.leastSavingOneIn
  }
}

/// An archive, and what its directory says of the members that could be chunks.
struct ArchiveOutline {
  let info: BlobInfo
  let members: [ZipMember]
}
