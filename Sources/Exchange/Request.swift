package import HTTPTypes

/// One HTTP request as handlers see it, whichever door it came through.
package struct Request: Sendable {
  package var method: HTTPRequest.Method
  /// The path and query exactly as sent, percent-encoding and all: signatures cover it.
  package var target: Target
  package var headers: HTTPFields
  package var body: RequestBody
  /// The scheme, authority and prefix by which the client reached us, such as
  /// `http://127.0.0.1:8470`, without a slash at the end: addresses in documents start with it.
  package var base: String
  /// Names the request in logs and in the reply's `x-amzn-requestid`.
  package var id: String
  /// The address of the client, for the audit and for limits.
  package var peer: String
  /// Where what the request turns out to be is noted.
  package let trail: CallTrail

  package init(
    method: HTTPRequest.Method,
    target: Target,
    headers: HTTPFields = [:],
    body: RequestBody = .empty,
    base: String = "http://localhost",
    id: String = "",
    peer: String = "",
    trail: CallTrail = CallTrail()
  ) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
    self.base = base
    self.id = id
    self.peer = peer
    self.trail = trail
  }
}
