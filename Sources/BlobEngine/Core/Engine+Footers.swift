import Bytes
import Disk

/// Reading the tables of contents of sealed segments.
extension Engine {
  /// Reads a sealed segment's table of contents; nil when it is damaged.
  mutating func readFooter(
    _ place: FooterPlace,
    of number: UInt32,
    then: @escaping (inout Engine, [FooterEntry]?) -> Void
  ) {
    let list = FooterList()
    scanFooter(place, of: number) { _, entry in
      list.entries.append(entry)
    } then: { engine, isWhole in
      then(&engine, isWhole ? list.entries : nil)
    }
  }

  /// Goes through a sealed segment's table of contents, part by part: with 10^6 small blobs it has
  /// 60 MB.
  ///
  /// While one part is gone through the next ones are being read. `body` takes each entry up to the
  /// first damaged page; `then` is told whether there is none.
  mutating func scanFooter(
    _ place: FooterPlace,
    of number: UInt32,
    _ body: @escaping (inout Engine, FooterEntry) -> Void,
    then: @escaping (inout Engine, _ isWhole: Bool) -> Void
  ) {
    guard let identity = slots[number].segment?.identity,
      (0...place.byteCount / FooterEntry.byteCount).contains(place.entryCount),
      place.byteCount == Footer.byteCount(entryCount: place.entryCount)
    else { return then(&self, false) }
    guard place.byteCount > 0 else { return then(&self, true) }
    let scan = FooterScan(place, of: number, in: identity, body, then)
    for _ in 0..<FooterScan.partsUnderWay { readNextPart(of: scan) }
  }

  private mutating func readNextPart(of scan: FooterScan) {
    guard !scan.isOver, let range = scan.takeNextPart() else { return }
    let buffer = makeBuffer(range.count)
    submit(
      .read(
        .slot(scan.slot),
        offset: UInt64(scan.place.offset + range.lowerBound),
        byteCount: range.count,
        into: buffer,
        bufferOffset: 0,
        .direct
      )
    ) { engine, result in
      let isRead = if case .success = result { true } else { false }
      scan.parts[range.lowerBound] = FooterPart(buffer: buffer, range: range, isRead: isRead)
      engine.goOn(scan)
    }
  }

  /// Goes through the parts that are there, in order.
  private mutating func goOn(_ scan: FooterScan) {
    while !scan.isOver, let part = scan.parts.removeValue(forKey: scan.position) {
      readNextPart(of: scan)
      guard part.isRead, scan.goThrough(part, &self) else { return end(scan, isWhole: false) }
      scan.position = part.range.upperBound
      if scan.position == scan.place.byteCount { return end(scan, isWhole: true) }
    }
  }

  private mutating func end(_ scan: FooterScan, isWhole: Bool) {
    scan.isOver = true
    scan.then(&self, isWhole)
  }
}

/// A footer that is being gone through.
private final class FooterScan {
  static let partByteCount = 4 * StoreFormat.blockByteCount
  static let partsUnderWay = 4

  let place: FooterPlace
  let slot: UInt32
  let body: (inout Engine, FooterEntry) -> Void
  let then: (inout Engine, Bool) -> Void
  /// What was read and not gone through yet, by where it begins in the footer.
  var parts: [Int: FooterPart] = [:]
  /// What has been gone through, in bytes.
  var position = 0
  var isOver = false
  private var walk: FooterWalk
  private var asked = 0

  init(
    _ place: FooterPlace,
    of slot: UInt32,
    in identity: SegmentIdentity,
    _ body: @escaping (inout Engine, FooterEntry) -> Void,
    _ then: @escaping (inout Engine, Bool) -> Void
  ) {
    self.place = place
    self.slot = slot
    self.body = body
    self.then = then
    walk = FooterWalk(entryCount: place.entryCount, in: identity, at: UInt64(place.offset))
  }

  /// Which bytes of the footer are to be read next; nil when all are asked for.
  func takeNextPart() -> Range<Int>? {
    guard asked < place.byteCount else { return nil }
    let range = asked..<min(asked + Self.partByteCount, place.byteCount)
    asked = range.upperBound
    return range
  }

  /// Whether no page of the part is damaged.
  func goThrough(_ part: FooterPart, _ engine: inout Engine) -> Bool {
    do throws(FormatError) {
      try walk.next(part.buffer.span.extracting(0..<part.range.count)) { body(&engine, $0) }
      return true
    } catch {
      return false
    }
  }
}

/// Some pages of a footer, as they were read.
private struct FooterPart {
  let buffer: DiskBuffer
  let range: Range<Int>
  let isRead: Bool
}

private final class FooterList {
  var entries: [FooterEntry] = []
}
