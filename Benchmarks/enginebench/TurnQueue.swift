import Synchronization

/// Hands each thing out once, to whoever asks first.
final class TurnQueue<Element: Sendable>: Sendable {
  private let elements: [Element]
  private let taken = Atomic<Int>(0)

  init(_ elements: [Element]) {
    self.elements = elements
  }

  func next() -> Element? {
    let index = taken.add(1, ordering: .relaxed).oldValue
    return index < elements.count ? elements[index] : nil
  }
}
