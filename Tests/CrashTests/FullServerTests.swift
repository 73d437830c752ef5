import Foundation
import Testing

/// A server whose file system somebody else has filled to the last block.
@Suite("A full server", .serialized)
struct FullServerTests {
  private static let largeByteCount = 20_000_000

  @Test(.enabled(if: LoopFileSystem.isPossible, "needs root, mkfs.ext4 and loop devices"))
  func `refuses what is published with 507, serves, deletes, and takes more once there is room`()
    throws
  {
    let scratch = try Scratch()
    let fileSystem = try LoopFileSystem(in: scratch, byteCount: 1_400 << 20)
    defer { fileSystem.remove() }
    let data = URL(fileURLWithPath: fileSystem.root).appendingPathComponent("data")
    let server = try ControlServer(data: data)
    defer { server.kill() }
    let caller = try ControlCaller(data: data)
    try server.prepare(caller)
    var published = (0..<50).map { $0 == 0 ? "first" : "early-\($0)" }
    let first = published.map { ControlScript.publish($0, 0) }
    #expect(try Set(answers(first, server, caller)) == [200])
    try fileSystem.takeAllThatIsLeft()

    // The first may be found out in the middle; the next are refused before their bytes come.
    let large = try largeCall(scratch)
    for _ in 0..<3 { #expect(try answer(large, server, caller) == 507) }
    // Small ones fit the segment that is open, until a reserve of the catalog's or the trail's is
    // touched.
    var status = 200
    while status == 200, published.count < 20_000 {
      let batch = (0..<50).map { "small-\(published.count + $0)" }
      let answers = try answers(batch.map { ControlScript.publish($0, 0) }, server, caller)
      published += zip(batch, answers).filter { $0.1 == 200 }.map(\.0)
      status = answers.first { $0 != 200 } ?? 200
    }
    #expect(status == 507, "after \(published.count) small ones")
    let reads = try server.read("first", caller)
    #expect(reads == "abc")
    let deletes = published.dropFirst().prefix(40).map { ControlScript.delete($0, 0) }
    #expect(try Set(answers(Array(deletes), server, caller)) == [200])

    server.kill()
    let again = try ControlServer(data: data)
    defer { again.kill() }
    let stillReads = try again.read("first", caller)
    #expect(stillReads == "abc", "after a kill and a start on the full disk")

    try fileSystem.giveBack()
    let deadline = ContinuousClock.now + .seconds(180)
    while try answer(large, again, caller) != 200 {
      try #require(ContinuousClock.now < deadline, "the server does not find the room")
    }
  }

  private func largeCall(_ scratch: Scratch) throws -> ControlCall {
    let file = scratch.url.appendingPathComponent("large")
    try Data(count: Self.largeByteCount).write(to: file)
    let sum = try LoopFileSystem.run("sha256sum", file.path)
    var call = ControlScript.publish("large", 0, "", contentHash: String(sum.prefix(64)))
    call.bodyFile = file.path
    return call
  }

  private func answer(
    _ call: ControlCall,
    _ server: ControlServer,
    _ caller: ControlCaller
  ) throws -> Int {
    try answers([call], server, caller).first ?? 0
  }

  private func answers(
    _ calls: [ControlCall],
    _ server: ControlServer,
    _ caller: ControlCaller
  ) throws -> [Int] {
    try ControlClient(calls.map { caller.transfer($0, at: server.address) }).finish()
  }
}

extension ControlServer {
  /// Reads the file of a version.
  fileprivate func read(_ version: String, _ caller: ControlCaller) throws -> String {
    var query = ControlScript.package(0, in: "dev")
    query["version"] = version
    query["asset"] = "file"
    return try caller.text("GET", "/v1/package/version/asset", query, at: address)
  }
}

/// A file system in a file, which only the superuser can mount.
private struct LoopFileSystem {
  let root: String
  private let scratch: Scratch

  static let isPossible: Bool = {
    guard let scratch = try? Scratch(),
      let made = try? LoopFileSystem(in: scratch, byteCount: 16 << 20)
    else { return false }
    made.remove()
    return true
  }()

  init(in scratch: Scratch, byteCount: Int) throws {
    self.scratch = scratch
    root = scratch.path + "/root"
    let image = scratch.path + "/image"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
    try Self.run("truncate", "-s", "\(byteCount)", image)
    try Self.run("mkfs.ext4", "-q", "-m", "0", image)
    try Self.run("mount", "-o", "loop", image, root)
  }

  func remove() {
    _ = try? Self.run("umount", "-l", root)
  }

  /// Takes the large pieces first and the last blocks in the end.
  func takeAllThatIsLeft() throws {
    try FileManager.default.createDirectory(
      atPath: "\(root)/other",
      withIntermediateDirectories: false
    )
    var number = 0
    for size in [64 << 20, 4 << 20, 256 << 10, 16 << 10, 4096] {
      while (try? Self.run("fallocate", "-l", "\(size)", "\(root)/other/\(number)")) != nil {
        number += 1
      }
      number += 1
    }
  }

  func giveBack() throws { try FileManager.default.removeItem(atPath: "\(root)/other") }

  private struct Failure: Error {
    let command: [String]
  }

  @discardableResult
  static func run(_ command: String...) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(command: command) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
