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
      ["python3", "-u", "-c", Self.program, Self.folder],
      ready: { $0.hasPrefix("Serving HTTP on ") }
    )
    let port =
      process.said.split(whereSeparator: \.isWhitespace).drop { $0 != "port" }.dropFirst().first
      ?? "0"
    address = "http://127.0.0.1:\(port)/"
  }

  /// Ends when its standard input does.
  private static let program = """
    import functools, http.server, os, sys, threading
    class Handler(http.server.SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
    class Server(http.server.ThreadingHTTPServer):
        request_queue_size = 128
    handler = functools.partial(Handler, directory=sys.argv[1])
    server = Server(("127.0.0.1", 0), handler)
    print("Serving HTTP on port", server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    os._exit(0)
    """

  /// How many requests for files that exist it has seen.
  var hitCount: Int { count("\" 200 ") }

  /// How many requests it has seen, most of them for checksums that nobody has.
  var requestCount: Int { count(" HTTP/1.1\" ") }

  private func count(_ words: String) -> Int {
    process.said.split(separator: "\n").count { $0.contains(words) }
  }

  func stop() {
    process.stop()
  }
}
