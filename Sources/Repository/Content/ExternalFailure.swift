/// Why an external source gave no usable answer.
package struct ExternalFailure: Error, Hashable, Sendable {
  /// What kind of failure it is: it decides what the client of ours is told.
  package enum Kind: Hashable, Sendable {
    /// No connection, or one that broke.
    case unreachable
    /// It took longer than is waited for.
    case timedOut
    /// It asks to come back later (429), or our own circuit is open.
    case throttled
    /// It answered 5xx.
    case failing(status: Int)
    /// It answered with something that is no answer: a refusal, a redirect loop, a document that is
    /// too large or not decodable.
    case unusable
    /// It has no such file (404 or 410).
    case absent
    /// It was not asked, since whoever runs the server wants it left alone.
    case offline
  }

  package var kind: Kind
  /// What happened, to what, for a person; never with credentials in it.
  package var message: String
  /// When it is worth trying again.
  package var retryAfter: Duration?
  /// Whether it is known from before that there is, most likely, nothing to be had: then that is
  /// the answer while nobody can be asked.
  package var impliesAbsence = false
  /// The document that makes no sense, where it is known which one it is.
  var document: ExternalRead?

  package init(_ kind: Kind, _ message: String, retryAfter: Duration? = nil) {
    self.kind = kind
    self.message = message
    self.retryAfter = retryAfter
  }

  /// Whether nothing could be learnt: nobody could be asked, or answered.
  var isSilence: Bool { isTransient || kind == .offline }

  /// Whether the same request may succeed a moment later.
  package var isTransient: Bool {
    switch kind {
    case .unreachable, .timedOut, .throttled, .failing: true
    case .unusable, .absent, .offline: false
    }
  }
}
