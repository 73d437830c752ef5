import Foundation

/// One file of the checkout, as the tidy rules see it.
struct SourceFile: Sendable {
  /// The path below the root of the checkout.
  let path: String
  let lines: [String]

  /// The target a Swift source belongs to, such as `Codec`.
  var target: String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
  }

  /// The line without its comment, and with string literals left in.
  static func code(of line: String) -> Substring {
    line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line[...]
  }
}

/// The checkout that this test was compiled in.
enum Checkout {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Every text file below the folders that people write in.
  static func files(below folders: [String], endings: [String]) -> [SourceFile] {
    folders.flatMap { folder in
      paths(below: root.appendingPathComponent(folder))
        .filter { path in endings.contains { path.hasSuffix($0) } }
        .sorted()
        .compactMap { read($0) }
    }
  }

  static let swift = files(below: ["Sources", "Tests", "Benchmarks"], endings: [".swift"])

  private static func paths(below folder: URL) -> [String] {
    let enumerator = FileManager.default.enumerator(atPath: folder.path)
    let relative = enumerator?.allObjects.compactMap { $0 as? String } ?? []
    return relative.map { folder.lastPathComponent + "/" + $0 }
  }

  private static func read(_ path: String) -> SourceFile? {
    let url = root.appendingPathComponent(path)
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return SourceFile(path: path, lines: lines)
  }
}
