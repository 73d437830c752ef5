import Simulation

/// The blobs of a kill torture: the number decides everything, so that parent and child agree.
///
/// No two have the same bytes but those of no bytes at all, which are never deleted.
struct TortureBlob {
  let number: UInt64
  let recipe: BlobRecipe

  init(seed: UInt64, number: UInt64) {
    self.number = number
    var generator = SeededGenerator(seed: seed &+ number &* 0x9E37_79B9_7F4A_7C15)
    let byteCount =
      switch number % 100 {
      case 0: 0
      case 1...2: BlobRecipe.sharedByteCount - generator.below(2)
      case 3: BlobRecipe.sharedByteCount + 8 + generator.below(100)
      case 4...6: 100_000 + generator.below(300_000)
      case 7: 1_048_575 + generator.below(2_000_000)
      case 8...30: 8 + generator.below(200)
      default: 8 + generator.below(20_000)
      }
    recipe = BlobRecipe(
      byteCount: byteCount,
      family: Int(truncatingIfNeeded: seed % 1_000),
      variant: Int(truncatingIfNeeded: number),
      texture: number % 3 == 0 ? .text : .noise
    )
  }

  /// Whether the blob is acknowledged before its flush, so that a crash may take it.
  var isRelaxed: Bool { number % 16 == 15 }
}

/// What a child says of its work, a line each, the moment it is true.
enum TortureLine {
  /// The store is open.
  case ready
  /// This blob was acknowledged under this name.
  case stored(UInt64, String)
  /// From here on this blob may be gone.
  case deleting(UInt64)
  /// The delete of this blob was acknowledged.
  case deleted(UInt64)
  /// How a soaked store does.
  case measured(SoakMeasure)
  /// How long reads have taken since the last such line.
  case reads(LatencyCounts, isReclaiming: Bool)

  var text: String {
    switch self {
    case .ready: "ready"
    case .stored(let number, let key): "stored \(number) \(key)"
    case .deleting(let number): "deleting \(number)"
    case .deleted(let number): "deleted \(number)"
    case .measured(let measure): "measured \(measure.text)"
    case .reads(let counts, let isReclaiming):
      "reads \(isReclaiming ? "reclaim" : "other") \(counts.text)"
    }
  }

  /// Reads a line; nil for the torn last words of a killed process.
  init?(_ text: some StringProtocol) {
    let words = text.split(separator: " ").map { Substring($0) }
    switch (words.first, words.count) {
    case ("ready", 1):
      self = .ready
    case ("stored", 3):
      guard let number = UInt64(words[1]), words[2].count == 64 else { return nil }
      self = .stored(number, String(words[2]))
    case ("deleting", 2):
      guard let number = UInt64(words[1]) else { return nil }
      self = .deleting(number)
    case ("deleted", 2):
      guard let number = UInt64(words[1]) else { return nil }
      self = .deleted(number)
    case ("measured", _):
      guard let measure = SoakMeasure(words: words.dropFirst()) else { return nil }
      self = .measured(measure)
    case ("reads", 3...):
      guard let counts = LatencyCounts(words: words.dropFirst(2)) else { return nil }
      self = .reads(counts, isReclaiming: words[1] == "reclaim")
    default:
      return nil
    }
  }
}
