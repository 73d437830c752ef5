import Foundation
import Glibc
import Synchronization

/// A child of a torture, and what it has said so far.
final class TortureProcess: Sendable {
  private struct State {
    var lines: [TortureLine] = []
    var rest = ""
    var isOver = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let process: Process
  private let reading: Task<Void, Never>
  private let state: Holder

  private final class Holder: Sendable {
    let state = Mutex(State())
  }

  /// Starts this program with other arguments.
  init(arguments: [String]) throws {
    let (process, pipe, holder) = (Process(), Pipe(), Holder())
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    try process.run()
    self.process = process
    state = holder
    let output = pipe.fileHandleForReading
    reading = Task.detached {
      // Blocks a thread of the pool, for as long as the child lives.
      while case let data = output.availableData, !data.isEmpty {
        Self.take(String(decoding: data, as: UTF8.self), holder)
      }
      Self.end(holder)
    }
  }

  /// What the child has in memory, in bytes; 0 once it is dead.
  var residentByteCount: UInt64 {
    let path = "/proc/\(process.processIdentifier)/statm"
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return 0 }
    let words = text.split(separator: " ")
    return words.count > 1 ? (UInt64(words[1]) ?? 0) * 4096 : 0
  }

  /// Waits until the child has opened its store, or is dead.
  func isReady() async {
    let holder = state
    await withCheckedContinuation { continuation in
      let isDone = holder.state.withLock { state in
        if state.isOver || !state.lines.isEmpty { return true }
        state.waiting.append(continuation)
        return false
      }
      if isDone { continuation.resume() }
    }
  }

  /// Kills the child, and returns everything it has said.
  ///
  /// - Throws: when it had ended by itself, which it never should.
  func kill() async throws -> [TortureLine] {
    let isRunning = process.isRunning
    // The child has not been waited for, so the number is still its own.
    _ = Glibc.kill(process.processIdentifier, SIGKILL)
    await reading.value
    process.waitUntilExit()
    if !isRunning { throw TortureProcessError.ended(process.terminationStatus) }
    return state.state.withLock { $0.lines }
  }

  private static func take(_ text: String, _ holder: Holder) {
    let waiting = holder.state.withLock { state in
      state.rest += text
      var lines = state.rest.split(separator: "\n", omittingEmptySubsequences: false)
      state.rest = String(lines.removeLast())
      state.lines += lines.compactMap { TortureLine($0) }
      guard !state.lines.isEmpty else { return [CheckedContinuation<Void, Never>]() }
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  private static func end(_ holder: Holder) {
    let waiting = holder.state.withLock { state in
      state.isOver = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}

/// What can go wrong with a child beside being killed.
enum TortureProcessError: Error, CustomStringConvertible {
  case ended(Int32)

  var description: String {
    switch self {
    case .ended(let status):
      "The process to be killed ended by itself with status \(status); its words are above."
    }
  }
}
