import Foundation
import Testing

@Suite("A killed process", .serialized)
struct KillTests {
  /// How many processes die on each disk; LARDER_KILLS asks for more.
  private static let kills =
    ProcessInfo.processInfo.environment["LARDER_KILLS"].flatMap(Int.init) ?? 100
  private static let seed =
    ProcessInfo.processInfo.environment["LARDER_SEED"].flatMap(UInt64.init)
    ?? UInt64.random(in: 1...999_999)

  @Test(arguments: ["ring", "threads"])
  func `leaves everything that it acknowledged`(disk: String) throws {
    print("kills on \(disk): seed \(Self.seed); LARDER_SEED repeats, LARDER_KILLS asks for more")
    let scratch = try Scratch()
    let result = try LarderProcess.run([
      "store", "torture", "--crash-points", "0", "--kills", "\(Self.kills)",
      "--seed", "\(Self.seed)", "--io", disk, "--scratch", scratch.path,
    ])
    print(result.output)
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    let words = result.output.lastLineWords
    #expect(words.starts(with: ["killed:", "\(Self.kills)", "processes"]))
    #expect(words.suffix(3) == ["0", "promises", "broken"])
    // A torture in which nothing was acknowledged would prove nothing.
    let acknowledged = try #require(words.firstIndex(of: "blobs").map { words[$0 - 1] })
    #expect(try #require(Int(acknowledged)) > Self.kills)
  }
}
