import Foundation

/// What a block device has been told to write so far, whoever told it.
///
/// The kernel counts sectors of 512 bytes, whatever the device's own are (proc_diskstats(5)).
struct DeviceCounter: Sendable {
  private let device: String

  /// Nil where the folder's file system lies on no single block device.
  init?(under directory: String) {
    let attributes = try? FileManager.default.attributesOfItem(atPath: directory)
    guard let number = attributes?[.systemNumber] as? Int else { return nil }
    // glibc's gnu_dev_major and gnu_dev_minor.
    let major = (number >> 8) & 0xfff | (number >> 32) & ~0xfff
    let minor = number & 0xff | (number >> 12) & ~0xff
    device = "\(major) \(minor)"
    if writtenByteCount == nil { return nil }
  }

  var writtenByteCount: UInt64? {
    guard let text = try? String(contentsOfFile: "/proc/diskstats", encoding: .utf8) else {
      return nil
    }
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 9, "\(fields[0]) \(fields[1])" == device else { continue }
      return UInt64(fields[9]).map { $0 * 512 }
    }
    return nil
  }
}
