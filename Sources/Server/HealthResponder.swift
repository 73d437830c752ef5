import BlobEngine
import Catalog
import Exchange
import Foundation
import HTTPTypes

/// `GET /health`: 200 while blobs and rows can be read and written, else 503 with the reason.
struct HealthResponder: Responder {
  /// What is wrong with the store right now, in a sentence; nil when nothing is.
  let complaint: @Sendable () async -> String?

  func respond(to request: Request) async -> Reply {
    let complaint = await complaint()
    let body = ["status": complaint == nil ? "ok" : "failing", "reason": complaint]
      .compactMapValues { $0 }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let bytes = (try? encoder.encode(body)).map { Array($0) } ?? []
    return Reply(
      complaint == nil ? .ok : .serviceUnavailable,
      headers: [.contentType: "application/json", .cacheControl: "no-store"],
      body: .bytes(bytes)
    )
  }
}
