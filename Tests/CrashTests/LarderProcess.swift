import Foundation

/// The program under test, as a person would call it.
enum LarderProcess {
  /// What a run printed, and how it ended.
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  /// Beside the bundle that the tests run from.
  static let program = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("larder")

  /// Runs the program to its end.
  static func run(_ arguments: [String], input: [UInt8] = []) throws -> Result {
    let scratch = try Scratch()
    let files = try ["in", "out", "err"].map { try scratch.file($0, $0 == "in" ? input : []) }
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus,
      output: try String(contentsOf: files[1], encoding: .utf8),
      errors: try String(contentsOf: files[2], encoding: .utf8)
    )
  }
}

/// A directory that is there for one test.
final class Scratch {
  let url: URL

  var path: String { url.path }

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("larder-crash-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  /// Makes a file with these bytes.
  func file(_ name: String, _ bytes: [UInt8]) throws -> URL {
    let file = url.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    return file
  }
}

extension String {
  /// The words of the last line that is not empty.
  var lastLineWords: [Substring] {
    split(separator: "\n").last?.split(separator: " ") ?? []
  }
}
