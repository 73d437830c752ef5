package import Disk

/// The disk of the tests: a ``SimulatedDrive`` behind the interface that the engine knows.
///
/// It keeps the contract of `Disk` to the letter and not an inch more: what the contract calls
/// volatile really goes, in whatever parts and order hurt most.
package struct SimulatedDisk: ~Copyable, Disk {
  package let drive: SimulatedDrive

  package init(_ drive: SimulatedDrive) {
    self.drive = drive
  }

  package var name: String { "simulated" }

  package var waker: any DiskWaker { drive.waker }

  package mutating func files() throws(DiskError) -> [StoreFile: UInt64] {
    drive.medium.files
  }

  package mutating func makeBuffer(byteCount: Int) -> DiskBuffer {
    DiskBuffer(byteCount: byteCount)
  }

  package mutating func submit(_ request: DiskRequest) {
    drive.submit(request)
  }

  package mutating func wait(timeout: Duration?, into completions: inout [DiskCompletion]) {
    drive.wait(timeout: timeout, into: &completions)
  }
}
