import Foundation
import Synchronization

/// A program that runs beside a test and says on its first matching line that it is ready.
final class Running: Sendable {
  private let process: Process
  private let input: Pipe
  private let heard: Mutex<String>

  /// Starts a program and waits until it has said a line that `ready` accepts.
  ///
  /// - Throws: ``NotReady`` with all that it said, when it ends or 60 seconds pass before that.
  init(
    _ executable: String,
    _ arguments: [String],
    environment: [String: String] = [:],
    ready: @escaping @Sendable (String) -> Bool
  ) throws {
    process = Process()
    input = Pipe()
    heard = Mutex("")
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    let isReady = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in isReady.signal() }
    output.fileHandleForReading.readabilityHandler = { [self] handle in
      let data = handle.availableData
      guard !data.isEmpty else {
        handle.readabilityHandler = nil
        return
      }
      let text = self.heard.withLock { heard in
        heard += String(decoding: data, as: UTF8.self)
        return heard
      }
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      if lines.contains(where: { ready(String($0)) }) { isReady.signal() }
    }
    try process.run()
    let waited = isReady.wait(timeout: .now() + 60)
    guard waited == .success, process.isRunning else {
      stop()
      throw NotReady(said: said)
    }
  }

  /// All that the program has said so far.
  var said: String { heard.withLock { $0 } }

  var identifier: Int32 { process.processIdentifier }

  /// Asks the program to end, and waits until it has; returns its exit status.
  @discardableResult
  func stop() -> Int32 {
    try? input.fileHandleForWriting.close()
    if process.isRunning { process.terminate() }
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Ends the program as a power cut would.
  func kill() {
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}

/// A program that never said it was ready, and what it said instead.
struct NotReady: Error {
  let said: String
}
