import BlobEngine

/// One cell of the engine's matrix: what is done, to blobs of which kind, by how many at once.
struct Cell: Sendable {
  enum Operation: String, CaseIterable, Sendable {
    /// Blobs that nobody put before.
    case putNew = "put"
    /// Blobs that are there already.
    case putDuplicate = "put, duplicate"
    /// Whole blobs, from a population small enough to be in every cache.
    case getHot = "get, hot"
    /// Whole blobs, each once, after the page cache was emptied.
    case getCold = "get, cold"
    /// Names that nothing has.
    case getMissing = "get, missing"
    /// 4 KiB from somewhere inside a blob.
    case range = "range 4 KiB"
    case stat = "stat"
    case delete = "delete"
    /// Nine hot gets to one put.
    case mixed = "90 % get, 10 % put"
  }

  var operation: Operation
  /// The size of each blob.
  var byteCount = 64 << 10
  var concurrency = 8
  /// How many times smaller the bytes could be.
  var compressibility = 1
  var durability = Durability.flushed

  /// What the table calls it.
  var name: String {
    var words = ["\(operation.rawValue) \(Self.size(byteCount)) x\(concurrency)"]
    if compressibility > 1 { words.append("compressible \(compressibility)×") }
    if durability == .relaxed { words.append("relaxed") }
    return words.joined(separator: ", ")
  }

  /// How many blobs there are before the first operation: 256 MiB of them, or ten thousand.
  var population: Int {
    let byCapacity = (256 << 20) / max(byteCount, 1)
    return operation == .putNew ? 0 : min(max(byCapacity, 16), 10_000)
  }

  private static func size(_ byteCount: Int) -> String {
    switch byteCount {
    case (1 << 20)...: "\(byteCount >> 20) MiB"
    case 1024...: "\(byteCount >> 10) KiB"
    default: "\(byteCount) B"
    }
  }
}

extension Cell {
  /// One axis after the other, around blobs of 64 KiB and eight at once.
  static let sweep: [Cell] = {
    let sizes = [0, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 16 << 20]
    let crowds = [1, 2, 4, 16, 32, 64]
    let centre: [Operation] = [.putNew, .getHot]
    var cells = centre.flatMap { operation in
      sizes.map { Cell(operation: operation, byteCount: $0) }
        + crowds.map { Cell(operation: operation, concurrency: $0) }
    }
    cells += Operation.allCases.filter { !centre.contains($0) }.map { Cell(operation: $0) }
    cells += [2, 8].flatMap { ratio in
      centre.map { Cell(operation: $0, compressibility: ratio) }
    }
    cells.append(Cell(operation: .putNew, durability: .relaxed))
    return cells
  }()
}
