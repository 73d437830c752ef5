import Foundation

/// What a command left behind.
struct Outcome: Sendable {
  let status: Int32
  let output: String

  var succeeded: Bool { status == 0 }
}

/// Runs real clients in a scratch home, with an environment that has nothing of this machine but
/// the path and what the test says.
struct Shell: Sendable {
  let home: URL
  var environment: [String: String] = [:]

  /// Makes an empty home below the machine's temporary folder; it goes with `remove`.
  init() throws {
    let name = "larder-client-\(UUID().uuidString.prefix(8))"
    home = FileManager.default.temporaryDirectory.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
  }

  func remove() {
    try? FileManager.default.removeItem(at: home)
  }

  /// Runs a script with bash; standard output and error come back as one text.
  ///
  /// The longest, all operations by the SDK, takes two minutes, and more than four beside others.
  func run(_ script: String, timeout: TimeInterval = 600) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", "exec 2>&1 </dev/null\nset -e\n" + Self.refused + script]
    process.currentDirectoryURL = home
    process.environment = clean
    let log = home.appendingPathComponent("output-\(UUID().uuidString)")
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    process.standardOutput = try FileHandle(forWritingTo: log)
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    let isLate = ended.wait(timeout: .now() + timeout) == .timedOut
    // What the test runner starts has SIGTERM blocked, as its own threads have; and a child that
    // was left running in the background keeps Foundation from seeing the end.
    if isLate { kill(process.processIdentifier, SIGKILL) }
    let output = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
    guard !isLate else {
      return Outcome(status: 124, output: output + "\nnot done after \(timeout) seconds")
    }
    return Outcome(status: process.terminationStatus, output: output)
  }

  private var clean: [String: String] {
    let outside = ProcessInfo.processInfo.environment
    let clients = Checkout.root.appendingPathComponent(".venv-clients/bin").path
    var variables = [
      "HOME": home.path,
      "PATH": clients + ":" + (outside["PATH"] ?? "/usr/bin:/bin"),
      "PIP_CONFIG_FILE": home.appendingPathComponent("pip.conf").path,
      "PIP_NO_INPUT": "1",
      "PIP_DISABLE_PIP_VERSION_CHECK": "1",
      "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
      "AWS_EC2_METADATA_DISABLED": "true",
      "AWS_PAGER": "",
      "LANG": "C.UTF-8",
    ]
    variables.merge(environment) { $1 }
    return variables
  }
}

/// The checkout that this test was compiled in.
enum Checkout {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func support(_ name: String) -> String {
    root.appendingPathComponent("Tests/ClientTests/Support/\(name)").path
  }
}
