import Bytes
import Disk

/// The grace: what was put or touched lately is not collected (`engine.md` 9.1).
///
/// A collector looks up which blobs nothing refers to, and deletes those. Meanwhile somebody may
/// put one of them again, be told that it is there, and refer to it a moment later. So a collector
/// takes a token before it looks, and a delete with a token does nothing when the blob was put or
/// touched after the token, or within the grace before this moment.
extension Engine {
  /// Touches with this sequence or a later one keep blobs from being collected.
  var graceSequence: UInt64 {
    grace.sequence(at: now - min(now, options.graceMilliseconds))
  }

  /// Notes how far the log was at a moment, as a header says.
  mutating func note(_ milliseconds: UInt64, sequence: UInt64) {
    grace.add(milliseconds, sequence: sequence)
    if delaysDeletes { delayed.marks.add(milliseconds, sequence: sequence) }
  }

  /// Notes how far the log is.
  mutating func noteNow() {
    grace.note(now, sequence: nextSequence, graceMilliseconds: options.graceMilliseconds)
    guard delaysDeletes else { return }
    delayed.marks.note(now, sequence: nextSequence, span: options.deletionDelayMilliseconds)
  }

  /// Marks this moment for a collector.
  mutating func takeToken(for request: RequestID) {
    reply(request, .token(CollectionToken(epoch: superblock.epoch, sequence: nextSequence)))
  }

  /// Decides whether a blob whose record has this sequence may be collected.
  func mayCollect(_ key: SHA256Digest, sequence: UInt64, _ token: CollectionToken) -> Bool {
    guard token.epoch == superblock.epoch, grace.knowsTouches else { return false }
    // A collector that takes longer than the grace might miss a touch that came after its token.
    guard token.sequence >= grace.rememberedSince else {
      return false
    }
    return sequence < min(token.sequence, graceSequence)
      && !grace.wasTouched(indexKey(key).fingerprint)
  }

  /// A put has found the blob there.
  mutating func noteTouch(_ key: SHA256Digest) {
    grace.touch(indexKey(key).fingerprint)
  }

  // MARK: After an open

  /// Finds out which blobs were touched within the grace before this open, and which were deleted
  /// within the delay.
  ///
  /// Until that is known nothing is collected or moved.
  mutating func learnTouches(_ recovery: Recovery) {
    beginLearningDeletes()
    let memory = max(options.graceMilliseconds, options.deletionDelayMilliseconds)
    let start = now - min(now, memory)
    for number in slots.numbers {
      for entry in slots[number].segment?.entries ?? [] { learn(entry) }
    }
    let sealed = recovery.trailers.filter { $0.value.sealedMilliseconds >= start }.keys.sorted()
    // What replay has read without meeting a touch need not be read again.
    learnTouches(in: sealed.filter { mayTeach(slots[$0].segment) }[...])
  }

  private func mayTeach(_ segment: Segment?) -> Bool {
    segment?.touchCount != 0 || (delaysDeletes && segment?.tombstoneCount != 0)
  }

  private mutating func learnTouches(in sealed: ArraySlice<UInt32>) {
    guard let number = sealed.first else {
      grace.knowsTouches = true
      return endLearningDeletes()
    }
    slots[number].readerCount += 1
    forEachEntry(of: number) { engine, entry in
      engine.learn(entry)
    } then: { engine in
      engine.slots[number].readerCount -= 1
      engine.reclaim.mayHaveDeadSlots = true
      engine.learnTouches(in: sealed.dropFirst())
    }
  }

  private mutating func learn(_ entry: FooterEntry) {
    learnDelete(entry)
    guard entry.type == .touch, entry.sequence >= graceSequence else { return }
    noteTouch(entry.key)
  }
}

/// A moment, for ``EngineRequest/collect(_:_:)``.
package struct CollectionToken: Hashable, Sendable {
  /// The open of the store in which it was taken; good in no other.
  let epoch: UInt64
  /// No record that was written before has this sequence or a later one.
  let sequence: UInt64
}

/// What became of a delete with a token.
package enum Collection: Hashable, Sendable {
  case deleted
  case absent
  /// The blob was put or touched since, or within the grace.
  case kept
}
