import Bytes
import FormatRules
import Synchronization

/// Pages as they were sent lately, by the stamp of their content: a page is written once a change.
///
/// Two generations stand in for order of use: when the younger is full it becomes the older one,
/// and what is asked for again moves up.
final class RenderedPages: Sendable {
  private struct Key: Hashable {
    let stamp: SHA256Digest
    let isJSON: Bool
  }

  private struct State {
    var young: [Key: [UInt8]] = [:]
    var old: [Key: [UInt8]] = [:]
    var youngByteCount = 0
  }

  /// How many bytes one generation may hold; both together hold twice as many.
  private let generationByteCount: Int
  private let state = Mutex(State())

  init(generationByteCount: Int = 32 << 20) {
    self.generationByteCount = generationByteCount
  }

  /// Returns the page in a representation.
  ///
  /// Both HTML representations are the same bytes.
  func bytes(
    of page: SimplePage,
    as representation: SimpleRepresentation,
    stamp: SHA256Digest
  ) -> [UInt8] {
    let key = Key(stamp: stamp, isJSON: representation == .json)
    if let known = state.withLock({ $0.young[key] }) { return known }
    let bytes = state.withLock { $0.old[key] } ?? page.render(representation)
    if bytes.count <= generationByteCount { remember(bytes, key) }
    return bytes
  }

  private func remember(_ bytes: [UInt8], _ key: Key) {
    state.withLock { state in
      if state.youngByteCount + bytes.count > generationByteCount {
        state.old = state.young
        state.young = [:]
        state.youngByteCount = 0
      }
      if state.young.updateValue(bytes, forKey: key) == nil {
        state.youngByteCount += bytes.count
      }
    }
  }
}
