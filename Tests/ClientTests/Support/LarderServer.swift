import Foundation

/// A larder server as its users start it, on a free port and a scratch data directory.
struct LarderServer: Sendable {
  let data: URL
  private let process: Running
  let address: String

  /// The program that was built together with these tests.
  static let program = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("larder").path

  /// Starts on `data`, or on a new folder.
  init(data: URL? = nil, upstream: String, flags: [String] = []) throws {
    let name = "larder-server-\(UUID().uuidString.prefix(8))"
    self.data = data ?? FileManager.default.temporaryDirectory.appendingPathComponent(name)
    process = try Running(
      Self.program,
      ["serve", "--data", self.data.path, "--listen", "127.0.0.1:0"]
        + ["--external", "public:pypi=\(upstream)"] + flags,
      ready: { $0.hasPrefix("larder: listening on ") }
    )
    let line = process.said.split(separator: "\n").first { $0.hasPrefix("larder: listening on ") }
    address = String(line?.split(separator: " ").last ?? "")
  }

  /// What the server printed so far.
  var said: String { process.said }

  var processIdentifier: Int32 { process.identifier }

  /// Its resident memory in bytes, now.
  var residentByteCount: Int { memory("VmRSS:") }

  /// The most resident memory that it ever had, in bytes.
  var peakByteCount: Int { memory("VmHWM:") }

  /// A field of proc_pid_status(5).
  private func memory(_ field: String) -> Int {
    let status = try? String(contentsOfFile: "/proc/\(process.identifier)/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix(field) }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
  }

  /// Stops politely; returns the exit status.
  @discardableResult
  func stop() -> Int32 {
    process.stop()
  }

  func kill() {
    process.kill()
  }

  func remove() {
    stop()
    try? FileManager.default.removeItem(at: data)
  }
}
