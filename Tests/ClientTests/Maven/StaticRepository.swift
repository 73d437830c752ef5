import Foundation

/// This machine's own Maven repository as a public one over HTTP: a thousand real artifacts with
/// neither checksums nor metadata.
struct StaticRepository: Sendable {
  /// Where Debian keeps it.
  static let folder = "/usr/share/maven-repo"

  private let process: Running
  let address: String

  init() throws {
    process = try Running(
      "/usr/bin/env",
      [
        "python3", "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory",
        Self.folder, "--protocol", "HTTP/1.1",
      ],
      ready: { $0.hasPrefix("Serving HTTP on ") }
    )
    let port = process.said.split(separator: " ").drop { $0 != "port" }.dropFirst().first ?? "0"
    address = "http://127.0.0.1:\(port)/"
  }

  /// How many requests for files that exist it has seen.
  var hitCount: Int {
    process.said.split(separator: "\n").count { $0.contains("\" 200 ") }
  }

  func stop() {
    process.stop()
  }
}
