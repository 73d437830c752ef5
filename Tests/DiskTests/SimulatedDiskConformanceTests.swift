import Disk
import Simulation
import Testing

@Suite("The simulated disk keeps the contract")
struct SimulatedDiskConformanceTests {
  @Test(.timeLimit(.minutes(10)), arguments: DiskConformance.allCases)
  func `line of the contract`(_ line: DiskConformance) throws {
    for seed in UInt64(1)...3 {
      var disk = SimulatedDisk(SimulatedDrive(seed: seed))
      try line.check(&disk)
    }
  }
}
