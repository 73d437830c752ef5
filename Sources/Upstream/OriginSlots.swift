internal import Repository
internal import Synchronization

/// How many requests each origin is sent at once.
///
/// Files hold their slot until their last byte, documents for a moment: an eighth of all slots is
/// left to documents, so that 64 slow downloads do not keep anybody from learning what there is.
final class OriginSlots: Sendable {
  /// What a request is for.
  enum Purpose: Sendable {
    case document
    case file
  }

  private struct Places {
    let all: Slots
    let files: Slots
  }

  private let count: Int
  private let places = Mutex<[WebOrigin: Places]>([:])

  init(options: UpstreamOptions) {
    count = options.concurrencyPerOrigin
  }

  /// Waits for a slot at an origin.
  func take(at origin: WebOrigin, for purpose: Purpose) async -> SlotHold {
    let places = places(of: origin)
    switch purpose {
    case .document: return await .take(from: places.all)
    case .file: return await .take(from: places.files, places.all)
    }
  }

  private func places(of origin: WebOrigin) -> Places {
    places.withLock { places in
      if let known = places[origin] { return known }
      let new = Places(all: Slots(count: count), files: Slots(count: count - count / 8))
      places[origin] = new
      return new
    }
  }
}
