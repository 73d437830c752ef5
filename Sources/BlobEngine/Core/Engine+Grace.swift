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

  /// Finds out which blobs were touched within the grace before this open.
  ///
  /// Until that is known nothing is collected.
  mutating func learnTouches(_ recovery: Recovery) {
    let start = now - min(now, options.graceMilliseconds)
    for number in slots.numbers {
      for entry in slots[number].segment?.entries ?? [] { learn(entry) }
    }
    let sealed = recovery.trailers.filter { $0.value.sealedMilliseconds >= start }.keys.sorted()
    // What replay has read without meeting a touch need not be read again.
    learnTouches(in: sealed.filter { slots[$0].segment?.touchCount != 0 }[...])
  }

  private mutating func learnTouches(in sealed: ArraySlice<UInt32>) {
    guard let number = sealed.first else {
      grace.knowsTouches = true
      return
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
