import Bytes
import Disk

/// A read of several pieces under way, one extent ahead of its caller.
struct Reader {
  let info: BlobInfo
  let range: Range<UInt64>
  let list: ExtentList
  /// What the bytes are put together from, in the place of a list; nil where there is one.
  var recipe: RecipeSource?
  /// The slots that are kept from being used for others meanwhile.
  var slots: Set<UInt32> = []
  /// What the list was sealed with; nil when it is not.
  var seal: SealedList?
  /// The first byte that was not fetched yet.
  var position: UInt64
  var ahead = Ahead.none
  /// Who waits for the fetch under way.
  var waiting: RequestID?

  enum Ahead {
    case none
    case underWay
    case ready(ReadAhead)
  }

  init(info: BlobInfo, range: Range<UInt64>, list: ExtentList) {
    self.info = info
    self.range = range
    self.list = list
    self.position = range.lowerBound
  }

  init(info: BlobInfo, range: Range<UInt64>, recipe: RecipeSource) {
    self.init(info: info, range: range, list: ExtentList([]))
    self.recipe = recipe
  }

  /// Whether what is read is no blob yet, so that damage to it is none to a blob.
  var isOfDraft: Bool { recipe?.fromDisk ?? false }

  var isAtEnd: Bool { position >= range.upperBound }
}

/// What the fetch of a reader's next extent came to.
enum ReadAhead {
  /// There was nothing left.
  case empty
  /// The part `local` of an extent that begins at `base` in the blob.
  case piece(FetchedRecord, local: Range<UInt64>, base: UInt64)
  /// A part of the blob that was put together; the place is that of the recipe.
  case gathered(GatheredBytes, Range<UInt64>, FetchPlace)
  case damaged(BlobDamage)

  init(_ outcome: FetchOutcome, local: Range<UInt64>, base: UInt64) {
    switch outcome {
    case .found(let fetched): self = .piece(fetched, local: local, base: base)
    case .damaged(let damage): self = .damaged(damage)
    case .other: self = .damaged(BlobDamage(.extent, slot: .max, offset: base))
    }
  }

  /// Where the piece ends in the blob.
  var end: UInt64? {
    switch self {
    case .piece(_, let local, let base): base + local.upperBound
    case .gathered(_, let range, _): range.upperBound
    case .empty, .damaged: nil
    }
  }
}

/// The extents of a large blob, and where in the blob each begins.
struct ExtentList {
  private let extents: [ExtentReference]
  private let starts: [UInt64]
  let byteCount: UInt64

  init(_ extents: [ExtentReference]) {
    var starts: [UInt64] = []
    starts.reserveCapacity(extents.count)
    var end: UInt64 = 0
    for extent in extents {
      starts.append(end)
      end += extent.logicalByteCount
    }
    self.extents = extents
    self.starts = starts
    self.byteCount = end
  }

  subscript(number: Int) -> ExtentReference { extents[number] }

  func start(of number: Int) -> UInt64 { starts[number] }

  /// The extent that holds the byte at `offset`, or nil behind the end.
  ///
  /// - Complexity: O(log *n*).
  func number(of offset: UInt64) -> Int? {
    guard offset < byteCount else { return nil }
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle + 1 } else { high = middle }
    }
    return low - 1
  }

  /// The extents that hold bytes of a range.
  func numbers(in range: Range<UInt64>) -> Range<Int> {
    guard !range.isEmpty, let first = number(of: range.lowerBound) else { return 0..<0 }
    let last = number(of: range.upperBound - 1) ?? extents.count - 1
    return first..<(last + 1)
  }
}
