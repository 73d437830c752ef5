/// Where the package managers look for their settings.
package struct ClientPlaces: Sendable {
  private let environment: [String: String]
  /// The folder that the program was called in: some settings are a project's.
  package let project: String
  let exists: @Sendable (String) -> Bool

  /// - Parameters:
  ///   - environment: the process's; its HOME has to be there.
  ///   - project: the current folder.
  ///   - exists: whether there is a file; some tools have two places.
  package init(
    environment: [String: String],
    project: String,
    exists: @escaping @Sendable (String) -> Bool
  ) {
    self.environment = environment
    self.project = project
    self.exists = exists
  }

  func inHome(_ path: String) -> String { "\(environment["HOME"] ?? "")/\(path)" }

  /// A file below the folder for settings (XDG Base Directory Specification).
  func inSettings(_ path: String) -> String {
    "\(variable("XDG_CONFIG_HOME") ?? inHome(".config"))/\(path)"
  }

  /// A file below the folder that a tool's own variable names, or below its usual place.
  func inFolder(_ name: String, or usual: String, _ path: String) -> String {
    "\(variable(name) ?? usual)/\(path)"
  }

  /// The value of a variable; nil when it is empty.
  func variable(_ name: String) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The first of some files that is there, or the last.
  func first(of paths: [String]) -> String {
    paths.first(where: exists) ?? paths[paths.count - 1]
  }
}
