/// A queue over an array: both ends in constant time, the room of what has left used again.
struct FirstInFirstOut<Element> {
  private var elements: [Element] = []
  private var head = 0

  var count: Int { elements.count - head }

  mutating func append(_ element: Element) {
    elements.append(element)
  }

  /// Takes out all that `isStale` says.
  mutating func removeAll(where isStale: (Element) -> Bool) {
    elements = elements[head...].filter { !isStale($0) }
    head = 0
  }

  /// Takes the oldest out; nil when there is none.
  mutating func popFirst() -> Element? {
    guard head < elements.count else { return nil }
    defer {
      head += 1
      // Each element is moved at most once for each that leaves.
      if head > 64, head * 2 > elements.count {
        elements.removeFirst(head)
        head = 0
      }
    }
    return elements[head]
  }
}
