import Foundation

/// How much memory the process has in use, as the kernel counts it (proc_pid_status(5), `VmRSS`).
enum ResidentMemory {
  /// In bytes; nil where the kernel does not say.
  static var byteCount: UInt64? {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") })
    else { return nil }
    let words = line.split(separator: " ")
    return words.count > 1 ? UInt64(words[1]).map { $0 * 1024 } : nil
  }
}
