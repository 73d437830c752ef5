/// The pages of one file, up to the last one ever written; the rest are zeroes.
struct PageTable: Sendable {
  private var pages: [[UInt8]?] = []

  /// The numbers of the pages up to the last one ever written.
  var indices: Range<Int> { pages.indices }

  /// The page at `index`; nil is a page of zeroes.
  subscript(index: Int) -> [UInt8]? {
    get { index < pages.count ? pages[index] : nil }
    set {
      if index >= pages.count {
        if newValue == nil { return }
        pages.append(contentsOf: repeatElement(nil, count: index - pages.count + 1))
      }
      pages[index] = newValue
    }
  }

  /// Forgets all pages from `count` on.
  mutating func truncate(to count: Int) {
    if pages.count > count { pages.removeLast(pages.count - count) }
  }

  /// Returns the bytes of a range.
  func bytes(in range: Range<Int>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    var offset = range.lowerBound
    while offset < range.upperBound {
      let index = offset / SimulatedPage.byteCount
      let start = offset % SimulatedPage.byteCount
      let end = min(SimulatedPage.byteCount, start + range.upperBound - offset)
      result.append(contentsOf: (self[index] ?? SimulatedPage.zeroes)[start..<end])
      offset += end - start
    }
    return result
  }
}
