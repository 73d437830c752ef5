import Foundation
import Testing

@Suite("The store from the shell")
struct CommandTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  private func larder(_ arguments: [String], input: [UInt8] = []) throws -> LarderProcess.Result {
    let command = ["store", arguments[0], "--data", scratch.path, "--any-file-system"]
    return try LarderProcess.run(command + arguments.dropFirst(), input: input)
  }

  /// The SHA-256 of `hello world` (FIPS 180-4; `printf 'hello world' | sha256sum`).
  private let key = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"
  private let text = Array("hello world".utf8)

  @Test func `standard input becomes a blob once, and comes back whole or in part`() throws {
    let first = try larder(["put"], input: text)
    #expect(first.output == "\(key)  11  new  -\n")
    #expect(try larder(["put", "-"], input: text).output == "\(key)  11  present  -\n")
    #expect(try larder(["get", key]).output == "hello world")
    for (range, part) in [("0-4", "hello"), ("6-", "world"), ("-3", "rld"), ("6-900", "world")] {
      #expect(try larder(["get", key, "--range=\(range)"]).output == part)
    }
    #expect(try larder(["stat", key]).output.hasPrefix("\(key)  11  "))
    #expect(try larder(["ls"]).output == "\(key)\n")
    #expect(try larder(["scrub"]).status == 0)
    #expect(try larder(["explain", key]).status == 0)
  }

  @Test func `a file of several pieces goes in and comes out`() throws {
    let bytes = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
    let file = try scratch.file("large", bytes)
    let put = try larder(["put", file.path])
    #expect(put.status == 0, "\(put.errors)")
    let name = String(put.output.prefix(64))
    let copy = scratch.url.appendingPathComponent("copy")
    #expect(try larder(["get", name, "--output", copy.path]).status == 0)
    #expect(try Data(contentsOf: copy) == Data(bytes))
    let middle = try larder(["get", name, "--range", "1048570-1048581", "-o", copy.path])
    #expect(middle.status == 0)
    #expect(try Data(contentsOf: copy) == Data(bytes[1_048_570...1_048_581]))
  }

  @Test func `what is not there is said so, with an exit code of its own`() throws {
    #expect(try larder(["get", key]).status == 1)
    _ = try larder(["put"], input: [1])
    for command in ["get", "stat", "explain"] {
      #expect(try larder([command, key]).status == 4)
    }
    #expect(try larder(["get", "not-a-digest"]).status == 64)
  }

  @Test func `bytes that are not what was announced are not stored`() throws {
    let refused = try larder(["put", "--expect", key], input: [1, 2, 3])
    #expect(refused.status == 1)
    #expect(refused.errors.contains(key))
    #expect(try larder(["ls"]).output.isEmpty)
    #expect(try larder(["put", "--expect", key], input: text).status == 0)
  }

  @Test func `inspect describes a store and changes nothing`() throws {
    _ = try larder(["put"], input: text)
    let first = try larder(["inspect", "--all"])
    #expect(first.status == 0)
    #expect(first.output.contains("store id: "))
    #expect(first.output.contains("slots/000000.seg: "))
    #expect(try larder(["inspect", "--all"]).output == first.output)
  }
}
