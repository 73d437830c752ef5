import ArgumentParser
import BlobEngine
import Foundation
import Server
import Simulation

/// `larder store torture`: tries to make a store lose what it has acknowledged.
struct StoreTorture: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "torture",
    abstract: "Crash stores in many ways, and check that none loses what it acknowledged.",
    discussion: """
      First on a simulated disk that tears, loses and delays what was not flushed: every crash \
      point is one instant at which the power went, followed by a recovery and a look at every \
      blob. Then for real: a process that stores blobs is killed (SIGKILL) at a random moment, \
      the store is opened again, and every acknowledged blob is read. Works in a directory of its \
      own, and never on a store of yours. Ends with exit code 3 when a promise was broken.

      With --soak, a store is instead kept busy at four fifths of its capacity for that long: \
      three fifths of it alive, and up to a fifth dead, which is a quarter of what is used. Blobs \
      come and go, nine in ten that go are among the youngest fifth, and the process that has the \
      store open is killed every minute. In the end the losses, the dead bytes, the write \
      amplification, the reads during reclaim, the memory and the time to open are held against \
      their limits. The write amplification is all that the engine wrote over the bytes of the \
      blobs that were put, which are not compressed here; its parts are told.
      """
  )

  @Option(help: "How many simulated crashes.")
  var crashPoints = 10_000

  @Option(help: "How many processes to kill.")
  var kills = 200

  @Option(help: "Keeps a store busy for this long instead, such as 1h.")
  var soak: WrittenDuration?

  @Option(help: "How large the store of a soak may be, in MiB.")
  var soakCapacity: UInt64 = 4096

  @Option(help: "How large its segments are, in MiB.")
  var soakSegment: UInt64 = 8

  @Option(help: "How often the process of a soak is killed.")
  var soakKillInterval = WrittenDuration(seconds: 60)

  @Option(help: "Repeats a run; without it, one is chosen and printed.")
  var seed: UInt64?

  @Option(help: "The disk of the killed processes: ring, threads or both.")
  var io: TorturedDisks = .both

  @Option(help: "Where the killed processes have their stores; by default the temporary directory.")
  var scratch: String?

  func validate() throws {
    if crashPoints < 0 || kills < 0 {
      throw ValidationError("--crash-points and --kills count from 0 on.")
    }
    if soakSegment.nonzeroBitCount != 1 || soakSegment > 256 {
      throw ValidationError("--soak-segment is a power of two up to 256.")
    }
  }

  func run() async throws {
    let seed = seed ?? UInt64.random(in: 1...999_999_999)
    Terminal.say("seed \(seed)")
    if let soak { return try await keepBusy(for: soak, seed) }
    let isSound = simulate(seed)
    let isWhole = try await kill(seed)
    if !isSound || !isWhole { throw ExitCode.brokenPromise }
  }

  private func keepBusy(for duration: WrittenDuration, _ seed: UInt64) async throws {
    let parent = scratch ?? NSTemporaryDirectory()
    let directory = "\(parent)/larder-soak-\(ProcessInfo.processInfo.processIdentifier)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    var torture = SoakTorture(
      directory: directory,
      seed: seed,
      disk: io.disks[0],
      capacity: soakCapacity << 20,
      segment: soakSegment << 20,
      killInterval: .seconds(soakKillInterval.seconds)
    )
    try await torture.run(for: .seconds(duration.seconds)) { Terminal.note("so far: \($0)") }
    Terminal.say("soaked: \(torture.report)")
    let failures = torture.report.failures
    for failure in failures { Terminal.say(failure) }
    if !failures.isEmpty { throw ExitCode.brokenPromise }
  }

  private func simulate(_ seed: UInt64) -> Bool {
    guard crashPoints > 0 else { return true }
    var progress = Progress("simulated crashes", of: UInt64(crashPoints)) { "\($0)" }
    // Few crashes in many workloads find more than many in few.
    let report = Torture(crashOneIn: 16).run(from: seed) { report in
      progress.show(UInt64(report.crashPointCount))
      return report.crashPointCount < crashPoints
    }
    progress.finish()
    Terminal.say("simulated: \(report)")
    for failure in report.failures { Terminal.say("\(failure)") }
    return report.failures.isEmpty
  }

  private func kill(_ seed: UInt64) async throws -> Bool {
    guard kills > 0 else { return true }
    let parent = scratch ?? NSTemporaryDirectory()
    let directory = "\(parent)/larder-torture-\(ProcessInfo.processInfo.processIdentifier)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    var progress = Progress("kills", of: UInt64(kills)) { "\($0)" }
    var torture = KillTorture(directory: directory, seed: seed, disks: io.disks)
    try await torture.run(kills: kills) { progress.show(UInt64($0)) }
    progress.finish()
    Terminal.say("killed: \(torture.report)")
    for loss in torture.report.losses { Terminal.say(loss) }
    return torture.report.losses.isEmpty
  }
}

/// Which disks a torture runs on.
enum TorturedDisks: String, CaseIterable, ExpressibleByArgument {
  case ring
  case threads
  case both

  var disks: [StoreOptions.InputOutput] {
    switch self {
    case .ring: [.ring]
    case .threads: [.threads]
    // Where there is no ring, both halves run on threads, and the store says why.
    case .both: [.automatic, .threads]
    }
  }
}
