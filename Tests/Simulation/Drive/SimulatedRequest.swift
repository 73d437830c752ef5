import Disk

/// A request under way in a simulated drive.
struct SimulatedRequest {
  /// What was begun on the medium and remains to be ended.
  enum Begun {
    case nothing
    case write(SimulatedMedium.WriteTicket)
    case flush(SimulatedMedium.FlushTicket)
    case directory(SimulatedMedium.DirectoryTicket)
    case refused(DiskError)
  }

  let id: UInt64
  let operation: DiskOperation
  let fault: SimulatedFault?
  let begun: Begun
  /// When it ends, in virtual time; nil while it is stuck.
  var due: Duration?
}
