import Bytes
import Exchange
import Foundation
import HTTPTypes
import NIOCore
import NIOPosix
import NIOSSL
import Server
import Synchronization
import Testing

@Suite("TLS at the door", .timeLimit(.minutes(10)))
struct DoorTLSTests {
  private func withCertificate<Result>(
    _ body: (TestCertificate) async throws -> Result
  ) async throws -> Result {
    let certificate = try TestCertificate()
    defer { certificate.remove() }
    return try await body(certificate)
  }

  @Test func `what was asked over TLS is answered over TLS, with https in its base`() async throws {
    try await withCertificate { files in
      let tls = try DoorTLS(certificate: files.path("chain.pem"), key: files.path("key.pem"))
      let heard = try await withDoor(tls: tls) { request in
        Reply(.ok, body: .bytes(Array(request.base.utf8)))
      } body: { port, _ in
        try await TLSConnection.ask(
          port: port,
          "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
      }
      #expect(heard.text.hasPrefix("HTTP/1.1 200"))
      #expect(heard.text.hasSuffix("https://localhost"))
      #expect(heard.protocolName == "http/1.1")
    }
  }

  @Test func `a refused upload hears the refusal, and the line is closed`() async throws {
    try await withCertificate { files in
      let tls = try DoorTLS(certificate: files.path("chain.pem"), key: files.path("key.pem"))
      let heard = try await withDoor(tls: tls) { _ in
        Reply(.unauthorized)
      } body: { port, _ in
        try await TLSConnection.ask(
          port: port,
          "PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"
        )
      }
      #expect(heard.text.hasPrefix("HTTP/1.1 401"))
    }
  }

  /// Encrypted bytes wait for the socket like clear ones: a client that stops reading stops us.
  @Test(arguments: [false, true])
  func `a client that stops reading is not read ahead for, in clear text or TLS`(
    isEncrypted: Bool
  ) async throws {
    try await withCertificate { files in
      let tls =
        isEncrypted
        ? try DoorTLS(certificate: files.path("chain.pem"), key: files.path("key.pem")) : nil
      var limits = DoorLimits()
      limits.stall = .milliseconds(200)
      let (finished, finish) = AsyncStream.makeStream(of: Int.self)
      try await withDoor(limits: limits, tls: tls) { _ in
        Reply(.ok, body: .stream(byteCount: nil, Flood(end: finish).stream))
      } body: { port, _ in
        let client = try await TLSConnection.openAndStopReading(port: port, isEncrypted)
        var iterator = finished.makeAsyncIterator()
        let count = try #require(await iterator.next())
        #expect(count < Flood.chunkCount / 4, "\(count) chunks of 1 MiB were made")
        // The server has cut it off already.
        try? await client.close()
      }
    }
  }

  /// The watch over a connection once ended with its request: a client that stopped reading an
  /// answer which had taken longer than a stall may held its line, and what was written, for good.
  @Test func `a client that stops reading a slow answer is cut off too`() async throws {
    var limits = DoorLimits()
    limits.stall = .milliseconds(20)
    let (finished, finish) = AsyncStream.makeStream(of: Int.self)
    try await withDoor(limits: limits) { _ in
      let began = ContinuousClock.now
      while ContinuousClock.now - began < .milliseconds(100) {}
      return Reply(.ok, body: .stream(byteCount: nil, Flood(end: finish).stream))
    } body: { port, _ in
      let client = try await TLSConnection.openAndStopReading(port: port, false)
      var iterator = finished.makeAsyncIterator()
      let count = try #require(await iterator.next())
      #expect(count < Flood.chunkCount / 4, "\(count) chunks of 1 MiB were made")
      try? await client.close()
    }
  }

  @Test func `a renewed certificate is shown from the next connection on, a bad one never`()
    async throws
  {
    try await withCertificate { files in
      let tls = try DoorTLS(certificate: files.path("chain.pem"), key: files.path("key.pem"))
      try tls.reload()
      try Data().write(to: URL(fileURLWithPath: files.path("chain.pem")))
      #expect(throws: CertificateError.noCertificate(path: files.path("chain.pem"))) {
        try tls.reload()
      }
      let heard = try await withDoor(tls: tls) { _ in
        Reply(.ok)
      } body: { port, _ in
        try await TLSConnection.ask(
          port: port,
          "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
        )
      }
      #expect(heard.text.hasPrefix("HTTP/1.1 200"))
    }
  }

  @Test func `files that cannot serve are named, with the reason`() async throws {
    try await withCertificate { files in
      func failure(
        _ certificate: String = "chain.pem",
        _ key: String = "key.pem",
        now: Int = TestCertificate.now
      ) -> CertificateError? {
        do {
          _ = try DoorTLS(certificate: files.path(certificate), key: files.path(key), now: now)
          return nil
        } catch { return error }
      }
      #expect(failure() == nil)
      #expect(failure("nowhere.pem") == .unreadable(path: files.path("nowhere.pem")))
      #expect(failure("chain.pem", "nowhere.pem") == .unreadable(path: files.path("nowhere.pem")))
      #expect(failure("empty.pem") == .noCertificate(path: files.path("empty.pem")))
      #expect(failure("key.pem") == .noCertificate(path: files.path("key.pem")))
      #expect(failure("chain.pem", "chain.pem") == .noKey(path: files.path("chain.pem")))
      #expect(
        failure("chain.pem", "other.pem")
          == .strangers(certificate: files.path("chain.pem"), key: files.path("other.pem"))
      )
      #expect(
        failure(now: 4_960_000_000)
          == .expired(path: files.path("chain.pem"), since: "Mon, 28 Oct 2126 09:19:35 GMT")
      )
      #expect(
        failure(now: 1_700_000_000)
          == .notYetGood(path: files.path("chain.pem"), until: "Sat, 21 Nov 2026 09:19:35 GMT")
      )
    }
  }
}

/// Chunks of a mebibyte, up to a limit; tells how many were made when nobody wants more.
private final class Flood: Sendable {
  static let chunkCount = 256
  private let made = Mutex(0)
  private let end: AsyncStream<Int>.Continuation

  init(end: AsyncStream<Int>.Continuation) {
    self.end = end
  }

  var stream: ReplyStream {
    ReplyStream { [self] in
      let count = made.withLock { made in
        made += 1
        return made
      }
      return count > Self.chunkCount ? nil : [UInt8](repeating: 0, count: 1 << 20)
    }
  }

  deinit {
    end.yield(made.withLock { $0 })
  }
}
