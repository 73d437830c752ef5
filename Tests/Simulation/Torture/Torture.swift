package import BlobEngine

#if canImport(Glibc)
import Glibc
#endif

/// The torture of the engine: seeded workloads with crashes and faults, as many as asked for.
///
/// Each seed gives one workload of one campaign, and the same one every time.
package struct Torture: Sendable {
  /// The ways to torture.
  package enum Campaign: String, CaseIterable, Sendable {
    /// Small blobs; crashes everywhere, in recoveries too.
    case crashes
    /// Blobs that fill and free segments; crashes everywhere.
    case churn
    /// Blobs of many pieces that are under way at the same time; crashes everywhere.
    case uploads
    /// Segments that are emptied by copying, on full disks too; crashes everywhere.
    case reclaim
    /// Few blobs, deleted and put again in segments that are emptied one by one, and an index that
    /// is rebuilt after each crash: what was deleted stays so.
    case burial
    /// A file system that somebody else fills and empties; crashes everywhere.
    case crowd
    /// Archives that share their members, come and go; crashes everywhere.
    case sharing
    /// Prose that is compressed again while it is copied; crashes everywhere.
    case recompression
    /// Deleted blobs that are kept for a while and had back; crashes everywhere, and for half of
    /// the workloads an index that is rebuilt after each.
    case delays
    /// Large blobs that are read while they are moved, deleted and put again; no crashes.
    case readers
    /// A disk that fails and says so; crashes here and there.
    case faults
    /// A disk that lies: no wrong bytes come back.
    case lies
    /// A sector that rots in a store at rest.
    case damage
    /// Blobs of all sizes, compared with a model; no crashes.
    case model
  }

  package var campaigns: [Campaign]
  package var breakages: Breakages
  /// At how many of the effects a crash is tried.
  package var crashOneIn: Int

  package init(
    campaigns: [Campaign] = Campaign.allCases,
    breakages: Breakages = [],
    crashOneIn: Int = 4
  ) {
    self.campaigns = campaigns
    self.breakages = breakages
    self.crashOneIn = crashOneIn
  }

  /// Runs the campaigns in turn, from `seed` on, while `shouldContinue` says so.
  ///
  /// A run that breaks a promise ends the torture; its steps are shrunk first.
  package func run(
    from seed: UInt64,
    while shouldContinue: (TortureReport) -> Bool
  ) -> TortureReport {
    var report = TortureReport()
    var seed = seed
    while shouldContinue(report) {
      for campaign in campaigns {
        let part = run(campaign, seed: seed)
        report.add(part)
        if let failure = part.failures.first {
          report.failures = [shrink(failure, of: campaign)]
          return report
        }
      }
      seed &+= 1
    }
    return report
  }

  /// Runs the workload of one seed.
  package func run(_ campaign: Campaign, seed: UInt64) -> TortureReport {
    var generator = SeededGenerator(seed: seed)
    let shape = shape(of: campaign, using: &generator)
    return run(campaign, seed: seed, steps: shape.makeSteps(using: &generator))
  }

  /// Runs given steps as the workload of a seed.
  package func run(_ campaign: Campaign, seed: UInt64, steps: [TortureStep]) -> TortureReport {
    var generator = SeededGenerator(seed: seed)
    let shape = shape(of: campaign, using: &generator)
    var conditions = Conditions(options: shape.options, breakages: breakages)
    // One workload in three is encrypted.
    if seed % 3 == 0 {
      conditions.scope = SimulatedScope(seed: seed, breakages: breakages)
    }
    conditions.shares = shape.shares > 0
    if campaign == .damage {
      return DamageRun(seed: seed, steps: steps, conditions: conditions).run()
    }
    var faultGenerator = SeededGenerator(seed: seed ^ 0xFA)
    let faults = campaign.makeFaults(using: &faultGenerator)
    conditions.admitsFailures = campaign == .faults
    conditions.alwaysRebuilds = campaign == .burial || (campaign == .delays && seed % 2 == 0)
    conditions.admitsDamage = campaign == .lies
    conditions.isCrowded = campaign == .crowd
    let isTight = campaign == .faults && faultGenerator.once(in: 4)
    let run = TortureRun(
      campaign: campaign.rawValue,
      seed: seed,
      steps: steps,
      conditions: conditions,
      crashOneIn: campaign.crashOneIn(crashOneIn),
      faults: faults,
      capacity: isTight
        ? UInt64(3 + faultGenerator.below(6)) * shape.options.segmentByteCount : .max
    )
    _ = run.run()
    return run.report
  }

  private func shape(
    of campaign: Campaign,
    using generator: inout SeededGenerator
  ) -> WorkloadShape {
    let shape: WorkloadShape =
      switch campaign {
      case .crashes: .small
      case .churn: .churn
      case .uploads: .uploads
      case .reclaim: .reclaim
      case .crowd: .crowd
      case .burial: .burial
      case .readers: .readers
      case .sharing: .sharing
      case .recompression: .recompression
      case .delays: .delays
      case .faults, .lies, .damage:
        generator.pick([.churn, .small, .small, .reclaim, .sharing, .uploads])
      case .model: .model
      }
    return campaign == .model ? shape : shape.withSomeSegmentSize(using: &generator)
  }
}

extension Torture.Campaign {
  /// At how many effects a crash is tried; nil: at none.
  fileprivate func crashOneIn(_ number: Int) -> Int? {
    switch self {
    case .crashes, .churn, .uploads, .reclaim, .crowd, .sharing, .recompression, .delays: number
    case .burial: number * 4
    case .faults, .lies: number * 4
    case .readers, .damage, .model: nil
    }
  }

  /// What goes wrong on the disk.
  fileprivate func makeFaults(using generator: inout SeededGenerator) -> FaultPlan {
    switch self {
    case .faults: .admitted(using: &generator)
    case .lies: .lying(using: &generator)
    case .crashes, .churn, .uploads, .reclaim, .crowd, .burial, .readers, .sharing,
      .recompression, .delays, .damage, .model:
      FaultPlan()
    }
  }
}

extension FaultPlan {
  /// One to three faults that the disk admits.
  fileprivate static func admitted(using generator: inout SeededGenerator) -> FaultPlan {
    let choices: [Rule] = [
      Rule(.failure(code: EIO), on: .write, in: .slot), Rule(.short, on: .write, in: .slot),
      Rule(.failedFlush, on: .write, in: .slot), Rule(.failedFlush, on: .flush, in: .slot),
      Rule(.failure(code: EIO), on: .flushDirectory), Rule(.failure(code: ENOSPC), on: .create),
      Rule(.failure(code: EIO), on: .create),
      Rule(.failure(code: EIO), on: .write, in: .checkpoint),
      Rule(.failedFlush, on: .flush, in: .checkpoint), Rule(.short, on: .write, in: .checkpoint),
      Rule(.failure(code: EIO), on: .write, in: .superblock),
      Rule(.failedFlush, on: .flush, in: .superblock), Rule(.failure(code: EIO), on: .read),
      Rule(.short, on: .read), Rule(.stuck, on: .write), Rule(.stuck, on: .flush),
      Rule(.stuck, on: .read), Rule(.failure(code: EROFS), on: .write, in: .slot),
    ]
    let rules = (0..<1 + generator.below(3)).map { _ in
      var rule = generator.pick(choices)
      rule.skipping = generator.below(30)
      rule.count = generator.once(in: 3) ? 1 + generator.below(6) : 1
      return rule
    }
    return FaultPlan(rules: rules)
  }

  /// Faults that nobody is told of, now and then.
  fileprivate static func lying(using generator: inout SeededGenerator) -> FaultPlan {
    let faults: [SimulatedFault] = [.lost, .torn, .bitRot, .misdirected]
    var chances = (0..<1 + generator.below(2)).map { _ in
      Chance(generator.pick(faults), on: .write, oneIn: 5 + generator.below(40))
    }
    if generator.once(in: 2) {
      let fault = generator.pick([SimulatedFault.bitRot, .misdirected])
      chances.append(Chance(fault, on: .read, oneIn: 5 + generator.below(40)))
    }
    return FaultPlan(chances: chances)
  }
}
