/// What a disk can do instead of what it was asked.
package enum SimulatedFault: Hashable, Sendable {
  /// The request fails with this `errno`. A write that fails may have arrived in part.
  case failure(code: Int32)
  /// Only a part is moved, and the disk says so. For reads and writes.
  case short
  /// The flush fails, and the pages it covered are marked clean: the next flush succeeds, although
  /// the bytes may be gone. For flushes and flushed writes.
  case failedFlush
  /// The request is carried out at another place in the same file. For reads and writes.
  case misdirected
  /// The write is reported complete and never done.
  case lost
  /// The write is reported complete, and some of its sectors are as before.
  case torn
  /// One bit of the bytes read is wrong from now on; for writes, one bit of those written.
  case bitRot
  /// Nothing happens until ``SimulatedDrive/releaseStuckRequests()``.
  case stuck

  /// Whether the disk says that something went wrong.
  ///
  /// Durability can be promised only on disks
  /// whose faults are all admitted; never to return wrong bytes is promised on the others too.
  package var isAdmitted: Bool {
    switch self {
    case .failure, .short, .failedFlush, .stuck: true
    case .misdirected, .lost, .torn, .bitRot: false
    }
  }
}
