import Foundation

extension Shell {
  /// The text of a file in the home, without the line end.
  func read(_ name: String) throws -> String {
    let text = try String(contentsOf: home.appendingPathComponent(name), encoding: .utf8)
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
