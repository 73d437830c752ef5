import Foundation

/// Finds published test data, which lies beside the checkout and not in it.
enum SharedFolder {
  /// Returns `path` inside the folder that `LARDER_SHARED` names, or else inside the first folder
  /// called `shared` beside this file's checkout or further up; nil where there is none.
  static func locate(_ path: String) -> URL? {
    var candidates: [URL] = []
    if let named = ProcessInfo.processInfo.environment["LARDER_SHARED"] {
      candidates.append(URL(fileURLWithPath: named))
    }
    var folder = URL(fileURLWithPath: #filePath)
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      candidates.append(folder.appendingPathComponent("shared"))
    }
    return candidates.map { $0.appendingPathComponent(path) }
      .first { FileManager.default.fileExists(atPath: $0.path) }
  }
}
