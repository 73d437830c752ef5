import BlobEngine
import Bytes
import Foundation
import Testing

/// A sweep that is killed at any moment, again and again on the same data.
@Suite("A killed sweep", .serialized)
struct SweepKillTests {
  private static let seed =
    ProcessInfo.processInfo.environment["LARDER_SEED"].flatMap(UInt64.init)
    ?? UInt64.random(in: 1...999_999)
  private static let rounds =
    ProcessInfo.processInfo.environment["LARDER_KILLS"].flatMap(Int.init).map { max($0 / 10, 1) }
    ?? 8
  private static let fileCount = 400
  /// One file in ten is published.
  private static let publishedEvery = 10

  @Test func `loses nothing that is referred to, and in the end takes all else`() async throws {
    print("sweep kills: seed \(Self.seed); LARDER_SEED repeats")
    var random = SweepSeeded(state: Self.seed)
    let scratch = try Scratch()
    let data = scratch.url.appendingPathComponent("data")
    let first = try ControlServer(data: data)
    let caller = try ControlCaller(data: data)
    try first.prepare(caller)
    first.kill()
    let keys = try store(scratch, data)
    let server = try ControlServer(data: data, "--sweep-interval", "off")
    try publish(keys, server, caller)
    server.kill()
    var goneCounts: [Int] = []
    let longest = try milliseconds(ofSweeping: data)
    for round in 0..<Self.rounds {
      // What one sweep notices the next one deletes: kills meet both.
      #expect(try store(scratch, data) == keys)
      try sweep(data, killAfterMilliseconds: random.below(longest + longest / 4))
      try sweep(data, killAfterMilliseconds: random.below(longest + longest / 4))
      goneCounts.append(try await look(at: keys, in: data, "round \(round)"))
      try readPublished(data, caller, "round \(round)")
    }
    _ = try milliseconds(ofSweeping: data)
    _ = try milliseconds(ofSweeping: data)
    let goneCount = try await look(at: keys, in: data, "the last")
    // What was published lies sealed in its domain, beside the copy that nobody refers to.
    #expect(goneCount == Self.fileCount)
    try readPublished(data, caller, "the last")
    print("a sweep takes \(longest) ms; gone after each kill: \(goneCounts)")
  }

  private static func text(_ number: Int) -> String {
    "file \(number) " + String(repeating: "x", count: number * 7 % 900)
  }

  private static func arguments(_ data: URL) -> [String] {
    [
      "store", "sweep", "--data", data.path, "--deletion-delay", "0s", "--upload-grace", "0s",
    ]
  }

  /// Stores all files, and returns their keys.
  private func store(_ scratch: Scratch, _ data: URL) throws -> [String] {
    var files: [String] = []
    for number in 0..<Self.fileCount {
      files.append(try scratch.file("file \(number)", Array(Self.text(number).utf8)).path)
    }
    let put = try LarderProcess.run(["store", "put", "--data", data.path] + files)
    let keys = put.output.split(separator: "\n").map { String($0.prefix(64)) }
    try #require(put.status == 0 && keys.count == Self.fileCount, "\(put.errors)")
    return keys
  }

  private func publish(
    _ keys: [String],
    _ server: ControlServer,
    _ caller: ControlCaller
  ) throws {
    let calls = stride(from: 0, to: keys.count, by: Self.publishedEvery).map { number in
      ControlScript.publish("\(number)", 0, Self.text(number), contentHash: keys[number])
    }
    let client = try ControlClient(calls.map { caller.transfer($0, at: server.address) })
    let answers = try client.finish()
    try #require(answers.allSatisfy { $0 == 200 }, "\(answers)")
  }

  private func sweep(_ data: URL, killAfterMilliseconds pause: Int) throws {
    let process = Process()
    process.executableURL = LarderProcess.program
    process.arguments = Self.arguments(data)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    usleep(UInt32(pause) * 1_000)
    _ = Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Sweeps to the end, and says how long that takes here.
  private func milliseconds(ofSweeping data: URL) throws -> Int {
    let began = ContinuousClock.now
    let whole = try LarderProcess.run(Self.arguments(data))
    #expect(whole.status == 0, "\(whole.errors)")
    return Int((ContinuousClock.now - began) / .milliseconds(1))
  }

  /// Compares what is there with what has to be, and returns how many files are not there.
  private func look(at keys: [String], in data: URL, _ when: String) async throws -> Int {
    let store = try await BlobStore.open(at: data.path + "/store")
    var goneCount = 0
    for (number, digits) in keys.enumerated() {
      let key = try #require(SHA256Digest(hexadecimal: digits))
      let bytes = try await store.get(key)
      if bytes == nil { goneCount += 1 }
      #expect(bytes == nil || bytes == Array(Self.text(number).utf8), "\(when): file \(number)")
    }
    await store.close()
    return goneCount
  }

  /// Reads all published files from a server.
  private func readPublished(_ data: URL, _ caller: ControlCaller, _ when: String) throws {
    let server = try ControlServer(data: data, "--sweep-interval", "off")
    defer { server.kill() }
    for number in stride(from: 0, to: Self.fileCount, by: Self.publishedEvery) {
      var query = ControlScript.package(0, in: "dev")
      query["version"] = "\(number)"
      query["asset"] = "file"
      let text = try caller.text("GET", "/v1/package/version/asset", query, at: server.address)
      #expect(text == Self.text(number), "\(when): published file \(number)")
    }
  }
}

/// SplitMix64: a seed replays a run.
private struct SweepSeeded {
  var state: UInt64

  mutating func below(_ limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
  }
}
