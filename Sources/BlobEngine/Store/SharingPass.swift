import Bytes

/// One walk through a store for archives that have members in common, in constant memory.
///
/// Twice through all blobs: first it is counted which members there are, then those archives are
/// shared of which enough is common. Both times only directories are read, a few KiB of an archive;
/// its bytes are read when it is cut. So a pass that is broken off has lost little: the next one
/// counts anew, and finds what was shared to be shared.
struct SharingPass {
  private let runtime: StoreRuntime
  private var sharing: MemberSharing
  private var census: MemberCensus

  init(_ runtime: StoreRuntime, _ rests: SharingRests) async throws(EngineError) {
    self.runtime = runtime
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
      let page = try await page(after: cursor)
      sharing.report.examinedCount += page.keys.count
      for (key, _) in page.keys {
        if let outline = try await sharing.outline(of: key) {
          census.count(outline.members.map(\.print), of: key)
        }
      }
      cursor = page.next
    } while cursor != nil
    sharing.report.reasons = [:]
    repeat {
      let page = try await page(after: cursor)
      for (key, _) in page.keys { try await shareIfWorthwhile(key) }
      cursor = page.next
    } while cursor != nil
    return sharing.report
  }

  private func page(after cursor: ListCursor?) async throws(EngineError) -> KeyPage {
    guard case .keys(let page) = try await runtime.inbox.ask(.list(after: cursor)) else {
      preconditionFailure("the engine answers in kind")
    }
    return page
  }

  private mutating func shareIfWorthwhile(_ key: SHA256Digest) async throws(EngineError) {
    guard let outline = try await sharing.outline(of: key) else { return }
    guard isWorthwhile(outline) else {
      return sharing.report.keepWhole("too little would be saved")
    }
    try await sharing.share(key)
  }

  /// Each of two or more archives that have a member saves half of it at least, in the mean of all
  /// of them.
  private func isWorthwhile(_ outline: ArchiveOutline) -> Bool {
    let common = outline.members.lazy.filter { census.isCommon($0.print) }
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
