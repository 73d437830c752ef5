/// How a write is made durable together with its own request.
package enum FlushForm: String, Sendable {
  /// The write itself asks for it (`RWF_DSYNC`): one request, and FUA where the device has that.
  case durableWrite = "DSYNC"
  /// A flush follows the write: linked on a ring, the next call on a thread. Always right.
  case linkedFlush = "linked"
}
