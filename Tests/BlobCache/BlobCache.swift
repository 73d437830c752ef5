import BlobEngine
import Bytes
import HTTPTypes
import Hummingbird

/// An HTTP blob cache on a store.
///
/// `PUT /` keeps a body and tells its SHA-256, `GET /SHA256` gives it back, `DELETE /SHA256`
/// forgets it. Bodies of any size pass through in constant memory.
@main
struct BlobCache {
  static func main() async throws {
    let store = try await BlobStore.open(at: CommandLine.arguments.dropFirst().first ?? "cache")
    let address = BindAddress.hostname("127.0.0.1", port: 8480)
    let application = Application(
      router: router(over: store),
      configuration: .init(address: address)
    )
    try await application.runService()
    await store.close()
  }

  static func router(over store: BlobStore) -> Router<BasicRequestContext> {
    let router = Router()
    router.put("/") { request, _ in try await keep(request.body, in: store) }
    router.get("/:key") { _, context in try await find(try key(in: context), in: store) }
    router.delete("/:key") { _, context -> HTTPResponse.Status in
      try await store.delete(try key(in: context)) ? .noContent : .notFound
    }
    return router
  }

  /// The cache fetches a lost blob again, so it does not pay for a flush: `relaxed`.
  private static func keep(_ body: RequestBody, in store: BlobStore) async throws -> String {
    let writer = try await store.makeWriter(durability: .relaxed)
    do {
      for try await chunk in body { try await writer.write(Array(chunk.readableBytesView)) }
      return try await writer.finish().key.hexadecimal
    } catch EngineError.storageFull {
      throw HTTPError(.init(code: 507, reasonPhrase: "Insufficient Storage"))
    }
  }

  private static func find(_ key: SHA256Digest, in store: BlobStore) async throws -> Response {
    guard let reader = try await store.makeReader(for: key) else { throw HTTPError(.notFound) }
    let body = ResponseBody(contentLength: Int(reader.info.byteCount)) { client in
      while let piece = try await reader.next() { try await client.write(.init(bytes: piece)) }
      try await client.finish(nil)
    }
    return Response(status: .ok, body: body)
  }

  private static func key(in context: BasicRequestContext) throws -> SHA256Digest {
    guard let key = try SHA256Digest(hexadecimal: context.parameters.require("key")) else {
      throw HTTPError(.badRequest, message: "a key is 64 hexadecimal digits")
    }
    return key
  }
}
