package import BlobEngine

/// Which steps a random workload is made of, and how large its blobs are.
package struct WorkloadShape: Sendable {
  package var name: String
  package var stepCount: Range<Int>
  /// The sizes that blobs have, in bytes; one that is there twice comes twice as often.
  package var sizes: [Int]
  /// How many different blobs of a size there are; few, so that the same ones come again.
  package var variants: Int
  package var options: StoreOptions
  /// The weights of the steps.
  package var puts = 40
  package var deletes = 18
  package var looks = 14
  package var checkpoints = 5
  package var reopenings = 3
  package var kills = 2
  package var abandonments = 2
  package var scrubs = 1
  package var compactions = 1
  /// How often everything is compressed again; most blobs are prose then.
  package var recompressions = 0
  /// How often an archive is to share its members; half of the blobs are archives then.
  package var shares = 0
  /// How often somebody else fills the file system or takes his files away.
  package var crowds = 0
  /// How often a deleted blob is had back.
  package var undeletes = 0
  /// Larger blobs are put again instead of being deleted.
  package var deletableByteCount = Int.max
  /// Whether the segments may take only a few times the bytes of all blobs, for some seeds.
  package var mayBeTight = false

  /// The sizes at which something changes its shape, as far as small stores go.
  private static let edges = [0, 1, 63, 64, 65, 200, 1000, 4000, 4095, 4096, 4097, 9000]

  /// Small stores and small blobs, for thousands of crashes.
  package static let small = WorkloadShape(
    name: "small",
    stepCount: 4..<24,
    sizes: edges + edges + [8191, 8193, 33_000, 66_000],
    variants: 2,
    options: .small(segment: 256 << 10, recent: 64 << 10, checkpoint: 48 << 10)
  )

  /// Large blobs that come and go, so that slots are sealed, die and are used again.
  package static let churn = WorkloadShape(
    name: "churn",
    stepCount: 12..<40,
    sizes: [100, 5000, 9000, 17_000, 40_000, 40_000, 66_000, 100_000],
    variants: 2,
    options: .small(segment: 256 << 10, recent: 64 << 10, checkpoint: 64 << 10),
    puts: 40,
    deletes: 30,
    looks: 6,
    checkpoints: 10
  )

  /// Small and large blobs that come and go in segments that soon are full, so that what is alive
  /// is copied and its slots are used again, on full disks too.
  package static let reclaim = WorkloadShape(
    name: "reclaim",
    stepCount: 20..<70,
    sizes: [100, 300, 1000, 3000, 3000, 5000, 5000, 7000, 17_000, 40_000],
    variants: 3,
    options: .small(segment: 64 << 10, recent: 16 << 10, checkpoint: 96 << 10),
    puts: 50,
    deletes: 36,
    looks: 8,
    checkpoints: 5,
    compactions: 6,
    mayBeTight: true
  )

  /// Tombstones far from what they bury: small blobs come and go between larger ones that stay, so
  /// that their segments stay too, while the short ones that a kill leaves are emptied.
  package static let burial = WorkloadShape(
    name: "burial",
    stepCount: 16..<40,
    sizes: [100, 300, 1000, 6000, 6500, 7000, 7500],
    variants: 3,
    options: .small(segment: 64 << 10, recent: 0, checkpoint: 96 << 10),
    puts: 44,
    deletes: 30,
    looks: 2,
    checkpoints: 8,
    kills: 10,
    abandonments: 0,
    scrubs: 0,
    compactions: 14,
    deletableByteCount: 1000,
    mayBeTight: true
  )

  /// A file system that somebody else fills and empties, while blobs come and go.
  package static let crowd = WorkloadShape(
    name: "crowd",
    stepCount: 30..<90,
    sizes: [100, 300, 1000, 3000, 3000, 5000, 5000, 7000, 17_000, 40_000],
    variants: 3,
    options: .small(segment: 64 << 10, recent: 16 << 10, checkpoint: 96 << 10),
    puts: 50,
    deletes: 30,
    looks: 6,
    checkpoints: 3,
    kills: 3,
    abandonments: 0,
    compactions: 1,
    crowds: 8
  )

  /// Blobs of several pieces that somebody is reading most of the time.
  package static let readers = WorkloadShape(
    name: "readers",
    stepCount: 30..<80,
    sizes: [3000, 17_000, 40_000, 40_000, 66_000],
    variants: 2,
    options: .small(segment: 64 << 10, recent: 0, checkpoint: 48 << 10),
    puts: 30,
    deletes: 24,
    looks: 40,
    checkpoints: 12,
    reopenings: 0,
    kills: 0,
    compactions: 12,
    mayBeTight: true
  )

  /// Blobs of many pieces, of which several are written at the same time.
  package static let uploads = WorkloadShape(
    name: "uploads",
    stepCount: 6..<24,
    sizes: [1000, 40_000, 100_000, 150_000, 220_000],
    variants: 2,
    options: .small(segment: 256 << 10, recent: 64 << 10, checkpoint: 256 << 10),
    puts: 60,
    deletes: 10,
    looks: 6,
    mayBeTight: true
  )

  /// Archives that share their members, come and go, and are read meanwhile, in segments that soon
  /// are full.
  package static let sharing = WorkloadShape(
    name: "sharing",
    stepCount: 20..<60,
    sizes: [100, 3000, 6000, 9000, 9000, 17_000, 30_000],
    variants: 3,
    options: .small(segment: 64 << 10, recent: 16 << 10, checkpoint: 96 << 10),
    puts: 40,
    deletes: 22,
    looks: 16,
    checkpoints: 5,
    compactions: 6,
    shares: 40,
    undeletes: 6
  )

  /// Prose that comes and goes, is copied and compressed again meanwhile, in segments that soon are
  /// full.
  package static let recompression = WorkloadShape(
    name: "recompression",
    stepCount: 20..<60,
    sizes: [100, 1000, 3000, 5000, 7000, 8000, 8000, 17_000, 40_000],
    variants: 3,
    options: .small(segment: 64 << 10, recent: 16 << 10, checkpoint: 96 << 10, compresses: true),
    puts: 50,
    deletes: 30,
    looks: 10,
    checkpoints: 5,
    compactions: 4,
    recompressions: 8,
    mayBeTight: true
  )

  /// Blobs of all sizes that are deleted, kept for a while and had back, in segments that soon are
  /// full.
  package static let delays = WorkloadShape(
    name: "delays",
    stepCount: 20..<70,
    sizes: [100, 300, 1000, 3000, 5000, 7000, 17_000, 40_000],
    variants: 2,
    options: .small(
      segment: 64 << 10,
      recent: 16 << 10,
      checkpoint: 96 << 10,
      delay: 24_000,
      compresses: true
    ),
    puts: 40,
    deletes: 36,
    looks: 6,
    compactions: 6,
    recompressions: 4,
    undeletes: 20,
    mayBeTight: true
  )

  /// The sizes of a real store, scaled down little.
  package static let model = WorkloadShape(
    name: "model",
    stepCount: 20..<60,
    sizes: [
      0, 1, 63, 64, 65, 4095, 4096, 4097, 65_535, 65_536, 65_537, 1_048_575, 1_048_576, 1_048_577,
      262_143, 262_144, 262_145, 1_300_000, 2_500_000,
    ],
    variants: 2,
    options: StoreOptions(
      segmentByteCount: 1 << 20,
      bufferedByteLimit: 8 << 20,
      recentByteLimit: 1 << 20,
      cacheByteLimit: 0,
      checkpointByteInterval: 2 << 20,
      compresses: true
    )
  )
}

extension WorkloadShape {
  /// Returns the shape with a segment size of the generator's choice: small ones fill and seal, and
  /// large ones hold blobs that are one record and longer than what their probe covers.
  package func withSomeSegmentSize(using generator: inout SeededGenerator) -> WorkloadShape {
    var result = self
    if mayBeTight {
      if generator.once(in: 3) {
        let slots = UInt64(7 + generator.below(8))
        result.options.capacityByteCount = slots * options.segmentByteCount
        result.options.keepsDeletedWhenFull = undeletes > 0 && slots % 2 == 0
      }
      return result
    }
    result.options.segmentByteCount = generator.pick([64 << 10, 64 << 10, 256 << 10, 1 << 20])
    if undeletes > 0, generator.once(in: 2) { result.options.deletionDelayMilliseconds = 24_000 }
    return result
  }

  /// Makes a workload.
  package func makeSteps(using generator: inout SeededGenerator) -> [TortureStep] {
    let pool = makePool(using: &generator)
    let isHasty = generator.once(in: 2)
    return (0..<stepCount.lowerBound + generator.below(stepCount.count)).map { _ in
      let action = makeAction(from: pool, using: &generator)
      let waits = generator.once(in: isHasty ? 5 : 2)
      return TortureStep(action, turns: waits ? nil : generator.below(4))
    }
  }

  private func makePool(using generator: inout SeededGenerator) -> [BlobRecipe] {
    (0..<3 + generator.below(8)).flatMap { _ in
      let size = generator.pick(sizes)
      let family = generator.below(3)
      let isArchive =
        shares > 0 && size >= BlobRecipe.leastArchiveByteCount && generator.once(in: 2)
      let plain: BlobRecipe.Texture = recompressions > 0 ? .prose : .noise
      let texture: BlobRecipe.Texture =
        isArchive ? .archive : generator.once(in: 3) ? .text : plain
      return (0..<1 + generator.below(variants)).map {
        BlobRecipe(
          byteCount: size,
          family: size == 0 ? 0 : family,
          variant: size < 64 ? 0 : $0,
          texture: size < 64 ? .noise : texture
        )
      }
    }
  }

  private func makeAction(
    from pool: [BlobRecipe],
    using generator: inout SeededGenerator
  ) -> TortureStep.Action {
    let recipe = generator.pick(pool)
    var number = generator.below(
      puts + deletes + looks + checkpoints + reopenings + kills + abandonments + scrubs
        + compactions + crowds + shares + recompressions + undeletes
    )
    func takes(_ weight: Int) -> Bool {
      number -= weight
      return number < 0
    }
    if takes(puts) { return .put(recipe, generator.once(in: 6) ? .relaxed : .flushed) }
    if takes(deletes) {
      return recipe.byteCount <= deletableByteCount ? .delete(recipe) : .put(recipe, .flushed)
    }
    if takes(undeletes) { return .undelete(recipe) }
    if takes(looks) { return makeLook(at: recipe, using: &generator) }
    if takes(checkpoints) { return .checkpoint }
    if takes(compactions) { return .compact }
    if takes(recompressions) { return .recompress }
    if takes(crowds) {
      let slots = generator.below(4) * (64 << 10)
      return generator.once(in: 4) ? .uncrowd : .crowd(leaving: slots + generator.below(64 << 10))
    }
    if takes(shares) {
      let archives = pool.filter { $0.texture == .archive }
      return .share(
        archives.isEmpty ? recipe : generator.pick(archives),
        isWrong: generator.once(in: 5)
      )
    }
    if takes(reopenings) { return .reopen }
    if takes(kills) { return .kill }
    if takes(abandonments), recipe.byteCount > 1 {
      return .abandonUpload(recipe, cancels: generator.once(in: 2))
    }
    return .scrub
  }

  private func makeLook(
    at recipe: BlobRecipe,
    using generator: inout SeededGenerator
  ) -> TortureStep.Action {
    switch generator.below(6) {
    case 0: return .list
    case 1: return .stat(recipe)
    case 2, 3:
      let start = generator.below(1000)
      return .read(recipe, part: start..<start + generator.below(1001 - start))
    default: return .read(recipe, part: nil)
    }
  }
}

extension StoreOptions {
  /// Options of a store in which little suffices for segments to be full and checkpoints to be due.
  ///
  /// - Parameters:
  ///   - segment: the length of a segment, in bytes.
  ///   - recent: how many bytes of the newest batches are read from memory.
  ///   - checkpoint: after how many bytes a checkpoint is due.
  ///   - delay: how long deleted blobs are kept, in milliseconds.
  ///   - compresses: whether payloads are compressed.
  /// - Returns: the options.
  fileprivate static func small(
    segment: UInt64,
    recent: Int,
    checkpoint: UInt64,
    delay: UInt64 = 0,
    compresses: Bool = false
  ) -> StoreOptions {
    StoreOptions(
      segmentByteCount: segment,
      bufferedByteLimit: 1 << 20,
      recentByteLimit: recent,
      cacheByteLimit: 0,
      checkpointByteInterval: checkpoint,
      deletionDelayMilliseconds: delay,
      compresses: compresses
    )
  }
}
