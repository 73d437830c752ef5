package import Exchange
import HTTPTypes

/// Sends each request to the part of the house that it is for, by the first word of its path.
package struct FrontResponder: Responder {
  private let parts: [String: any Responder]

  /// - Parameter parts: Responders by the first segment of the paths they answer for.
  package init(parts: [String: any Responder]) {
    self.parts = parts
  }

  package func respond(to request: Request) async -> Reply {
    let first = request.target.rawPath.dropFirst().prefix { $0 != "/" }
    guard let part = parts[String(first)] else {
      return Reply(
        .notFound,
        headers: [.contentType: "application/json"],
        body: .bytes(Array(#"{"message":"nothing is served at this path"}"#.utf8))
      )
    }
    return await part.respond(to: request)
  }
}
