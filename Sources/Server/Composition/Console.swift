import Foundation

/// What is said to whoever started the program, on standard output.
///
/// Written at once: `print` keeps lines back when the output is a pipe, and scripts wait for them.
enum Console {
  static func say(_ text: String) {
    try? FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
  }
}
