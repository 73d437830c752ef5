import Foundation
import FoundationNetworking

/// The fake public index as a process.
struct FakeIndex: Sendable {
  private let process: Running
  let port: Int

  init(bigByteCount: Int = 0, port: Int = 0) throws {
    process = try Running(
      "/usr/bin/env",
      ["python3", Checkout.support("fake_index.py")],
      environment: ["DEMO_BIG_BYTES": String(bigByteCount), "PORT": String(port)],
      ready: { Int($0) != nil }
    )
    self.port = Int(process.said.prefix { $0 != "\n" }) ?? 0
  }

  var simple: String { "http://127.0.0.1:\(port)/simple/" }

  func stop() {
    process.stop()
  }

  /// How it answers from now on: up, down, slow, 429 or 500.
  func behave(_ mode: String) throws {
    _ = try Data(contentsOf: address("/__mode?is=\(mode)"))
  }

  /// The requests it has seen, such as `GET /simple/demo-root/`.
  func requests() throws -> [String] {
    try JSONDecoder().decode([String].self, from: Data(contentsOf: address("/__log")))
  }

  private func address(_ path: String) throws -> URL {
    guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else {
      throw URLError(.badURL)
    }
    return url
  }
}
