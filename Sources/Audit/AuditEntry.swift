package import Exchange

/// One answered call on its way to the audit trail: what the door knows of it, and what was noted.
///
/// Holds references to what is there already; it is turned into text by the trail's own thread.
package struct AuditEntry: Sendable {
  /// When the request came, in milliseconds since 1970.
  package var milliseconds: UInt64
  package var id: String
  package var peer: String
  package var agent: String
  package var method: String
  /// The path as sent; the query, where signatures stand, is no part of it.
  package var path: String
  package var status: Int
  package var byteCount: UInt64
  /// Whether the connection ended, or the store failed, before the whole answer was sent.
  package var isCutOff = false
  package var notes: CallNotes

  package init(
    milliseconds: UInt64,
    id: String,
    peer: String,
    agent: String,
    method: String,
    path: String,
    status: Int,
    byteCount: UInt64,
    notes: CallNotes
  ) {
    self.milliseconds = milliseconds
    self.id = id
    self.peer = peer
    self.agent = agent
    self.method = method
    self.path = path
    self.status = status
    self.byteCount = byteCount
    self.notes = notes
  }

  /// About how many bytes the entry holds in memory.
  var weight: Int { 1024 + path.utf8.count + agent.utf8.count }
}
