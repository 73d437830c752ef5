internal import Foundation
internal import Synchronization

/// Asks the programs that are installed, each for at most a few seconds.
package struct InstalledPrograms: MachineQueries {
  /// How long one program may take, in seconds.
  ///
  /// A cold pip needs a few.
  private static let patience: TimeInterval = 20

  package init() {}

  package func pipConfiguration(_ name: String) async -> String? {
    for command in [["pip"], ["pip3"], ["python3", "-m", "pip"]] {
      if let value = await Self.output(of: command + ["config", "get", name]) { return value }
    }
    return nil
  }

  package func pipBuiltInIndex() async -> String? {
    // The place has moved once; both are asked, and a pip that knows neither says nothing.
    let program = """
      try:
          from pip._internal.models.index import PyPI
      except ImportError:
          from pip.models.index import PyPI
      print(PyPI.simple_url)
      """
    for python in ["python3", "python"] {
      if let value = await Self.output(of: [python, "-c", program]) { return value }
    }
    return nil
  }

  /// Runs a command and returns the last line that it printed; nil when it failed, printed nothing
  /// or took too long.
  private static func output(of command: [String]) async -> String? {
    await withCheckedContinuation { continuation in
      // A process is waited for on a thread of its own, not on one of the pool's.
      Thread.detachNewThread { continuation.resume(returning: run(command)) }
    }
  }

  private static func run(_ command: [String]) -> String? {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let deadline = DispatchWorkItem { process.terminate() }
    DispatchQueue.global().asyncAfter(deadline: .now() + patience, execute: deadline)
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    deadline.cancel()
    guard process.terminationStatus == 0 else { return nil }
    let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
    return lines.last.map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
