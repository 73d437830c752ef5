/// What a registry can do to those who rely on it.
enum Hostility: String, CaseIterable {
  case tooManyRequests
  case unavailable
  case halfBodies
  case wrongBytes
  case silence
  case redirectLoop

  /// A word of the line that the log has of it.
  var trace: String {
    switch self {
    case .tooManyRequests: "429"
    case .unavailable: "503"
    case .halfBodies: "broke off"
    case .wrongBytes: "digest"
    case .silence: "did not answer in time"
    case .redirectLoop: "redirects"
    }
  }

  /// What becomes of an answer that a friendly registry would give.
  func spoil(
    _ body: [UInt8],
    of request: LocalServer.Request,
    _ never: EventGate,
    as contentType: String
  ) -> [LocalServer.Action] {
    switch self {
    case .tooManyRequests: [.reply(429, ["Retry-After": "2"])]
    case .unavailable: [.reply(503, ["Retry-After": "1"])]
    case .halfBodies:
      [
        .reply(
          200,
          ["Content-Type": contentType],
          Array(body.prefix(body.count / 2)),
          announcing: body.count
        ), .close,
      ]
    case .wrongBytes where request.isForFile: [.reply(200, [:], body.map { $0 ^ 1 })]
    case .wrongBytes: [.reply(200, ["Content-Type": contentType], body)]
    case .silence: [.wait(never)]
    case .redirectLoop: [.reply(302, ["Location": request.path])]
    }
  }
}

extension LocalServer.Request {
  /// Whether it asks for a package's bytes, not for what is said of them.
  var isForFile: Bool {
    [".tgz", "/download", ".jar", ".nupkg", ".gem", ".tar.gz"].contains { path.hasSuffix($0) }
  }
}
