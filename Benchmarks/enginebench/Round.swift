import Foundation
import Synchronization

/// Runs one kind of operation from many tasks at once for a set time.
struct Round {
  let cell: String
  let number: Int
  let concurrency: Int
  let duration: Duration
  /// Counts what reaches the device.
  var device: DeviceCounter? = nil

  /// - Parameters:
  ///   - who: the contender's name.
  ///   - operation: does one thing, given a worker and a running number, and returns the bytes it
  ///     moved and a checksum of them; nil when there is nothing left to do.
  /// - Returns: what all workers did together.
  /// - Throws: what the operation throws.
  func run(
    _ who: String,
    operation: @escaping @Sendable (Int, Int) async throws -> (Int, UInt64)?
  ) async throws -> Measurement {
    let clock = ContinuousClock()
    let processor = ProcessorTime.now()
    let written = device?.writtenByteCount
    let started = clock.now
    let deadline = started + duration
    let tallies = try await withThrowingTaskGroup(of: Tally.self) { group in
      for worker in 0..<concurrency {
        group.addTask {
          var tally = Tally()
          while clock.now < deadline {
            let began = clock.now
            guard let (count, sum) = try await operation(worker, tally.latencies.count) else {
              break
            }
            tally.add(clock.now - began, byteCount: count, checksum: sum)
          }
          return tally
        }
      }
      return try await group.reduce(into: Tally()) { $0.merge($1) }
    }
    let seconds = (clock.now - started) / .seconds(1)
    let processorSeconds = ProcessorTime.now() - processor
    let deviceBytes = written.flatMap { before in device?.writtenByteCount.map { $0 - before } }
    return measurement(who, tallies, seconds, processorSeconds, deviceBytes)
  }

  private func measurement(
    _ who: String,
    _ tally: Tally,
    _ seconds: Double,
    _ processorSeconds: Double,
    _ deviceBytes: UInt64?
  ) -> Measurement {
    let sorted = tally.latencies.sorted()
    let count = Double(max(sorted.count, 1))
    func quantile(_ q: Double) -> Double {
      sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(q * count))]
    }
    return Measurement(
      cell: cell,
      who: who,
      round: number,
      operationsPerSecond: Double(sorted.count) / seconds,
      bytesPerSecond: Double(tally.byteCount) / seconds,
      processorMicrosecondsPerOperation: processorSeconds * 1e6 / count,
      medianMicroseconds: quantile(0.5),
      ninetyNinthMicroseconds: quantile(0.99),
      longestMicroseconds: sorted.last ?? 0,
      deviceBytesPerByte: deviceBytes.map { Double($0) / Double(max(tally.byteCount, 1)) },
      checksum: tally.checksum
    )
  }
}

/// What one worker did.
private struct Tally: Sendable {
  private(set) var latencies: [Double] = []
  private(set) var byteCount = 0
  private(set) var checksum: UInt64 = 0

  mutating func add(_ latency: Duration, byteCount: Int, checksum: UInt64) {
    latencies.append(latency / .microseconds(1))
    self.byteCount += byteCount
    self.checksum &+= checksum
  }

  mutating func merge(_ other: Tally) {
    latencies += other.latencies
    byteCount += other.byteCount
    checksum &+= other.checksum
  }
}
