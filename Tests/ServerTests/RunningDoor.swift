import Bytes
import Exchange
import HTTPTypes
import Logging
import NIOCore
import Server
import ServiceLifecycle

/// Runs a door on a free port for the time of one test.
func withDoor<Result: Sendable>(
  limits: DoorLimits = DoorLimits(),
  blobs: [SHA256Digest: [UInt8]] = [:],
  frames: [SHA256Digest: BlobChunks.Form] = [:],
  tls: DoorTLS? = nil,
  answer: @escaping @Sendable (Request) async -> Reply,
  body: @Sendable (Int, ServiceGroup) async throws -> Result
) async throws -> Result {
  let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
  var logger = Logger(label: "door")
  logger.logLevel = .error
  let door = PortableDoor(
    responder: Answering(answer: answer),
    blobs: MemoryBlobs(blobs: blobs, frames: frames),
    limits: limits,
    bases: BaseAddresses(scheme: tls == nil ? "http" : "https", fallback: "fallback.invalid"),
    tls: tls,
    logger: logger
  )
  let service = try door.service(host: "127.0.0.1", port: 0) { continuation.yield($0) }
  let group = ServiceGroup(configuration: .init(services: [service], logger: logger))
  return try await withThrowingTaskGroup(of: Void.self) { tasks in
    tasks.addTask { try await group.run() }
    var iterator = ports.makeAsyncIterator()
    guard let port = await iterator.next() else { throw CancellationError() }
    let result = try await body(port, group)
    await group.triggerGracefulShutdown()
    try await tasks.waitForAll()
    return result
  }
}

private struct Answering: Responder {
  let answer: @Sendable (Request) async -> Reply

  func respond(to request: Request) async -> Reply {
    await answer(request)
  }
}

private struct MemoryBlobs: BlobSource {
  let blobs: [SHA256Digest: [UInt8]]
  /// Which of them are stored compressed: their frames say so in words.
  let frames: [SHA256Digest: BlobChunks.Form]

  func chunks(
    of blob: BlobName,
    in range: Range<UInt64>,
    takesZstandard: Bool
  ) async throws -> BlobChunks? {
    guard let bytes = blobs[blob.key] else { return nil }
    if takesZstandard, let form = frames[blob.key] {
      let body = RequestBody(Array("frames of \(bytes.count)".utf8))
      return BlobChunks(form: form) { try await body.next() }
    }
    let part = Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)])
    let body = RequestBody(part)
    return BlobChunks { try await body.next() }
  }
}
