/// A file without its name: what the medium holds of it for certain, and what it shows.
struct Inode: Sendable {
  /// A write that a power cut may still undo, in whole or by sectors.
  struct Write: Sendable {
    /// Its place in the order of everything volatile on the medium.
    let id: UInt64
    let firstPage: Int
    /// The new pages; nil where a later durable write has taken the page's place.
    var pages: [[UInt8]?]
    /// Not yet reported as complete: no flush covers it.
    var isUnderWay = true
    /// A flush of it failed and the kernel marked its pages clean: no later flush covers it.
    var isCondemned = false
  }

  /// The size that reads see, in bytes.
  var byteCount: UInt64
  /// The size that a power cut leaves, in bytes.
  var durableByteCount: UInt64 = 0
  /// When the size became what it is, in the order of everything volatile.
  var sizeID: UInt64
  /// What reads see.
  var current = PageTable()
  /// What is there whatever happens.
  var durable = PageTable()
  /// What is neither durable nor undone, oldest first.
  var volatile: [Write] = []

  var isSizeVolatile: Bool { byteCount != durableByteCount }

  /// Makes the write's pages durable; older volatile versions of these pages are thereby past.
  mutating func settle(at index: Int) {
    let write = volatile.remove(at: index)
    for (position, page) in write.pages.enumerated() {
      guard let page else { continue }
      durable[write.firstPage + position] = page
      for older in 0..<index {
        volatile[older].forget(page: write.firstPage + position)
      }
    }
  }
}

extension Inode.Write {
  fileprivate mutating func forget(page: Int) {
    let position = page - firstPage
    if pages.indices.contains(position) { pages[position] = nil }
  }
}
