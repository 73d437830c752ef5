import Foundation

/// What one contender did in one cell of one round.
struct Measurement: Codable {
  let cell: String
  let who: String
  let round: Int
  let operationsPerSecond: Double
  let bytesPerSecond: Double
  /// All threads of the process together, user and system.
  let processorMicrosecondsPerOperation: Double
  let medianMicroseconds: Double
  let ninetyNinthMicroseconds: Double
  /// The longest that anybody waited.
  let longestMicroseconds: Double
  /// Bytes that the device wrote for each byte that was moved.
  ///
  /// Other programs on the machine count too. Nil where the file system is on no one device.
  let deviceBytesPerByte: Double?
  /// The sum of first and last bytes moved, so that nothing can be optimised away.
  let checksum: UInt64

  func print() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    Swift.print(String(decoding: try encoder.encode(self), as: UTF8.self))
  }
}

/// The processor time of this process so far.
enum ProcessorTime {
  /// In seconds, in steps of a hundredth: /proc/self/stat counts in clock ticks (proc(5)).
  static func now() -> Double {
    let text = (try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8)) ?? ""
    let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
      return 0
    }
    return (user + system) / 100
  }
}
