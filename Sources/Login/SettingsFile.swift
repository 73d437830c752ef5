internal import Disk
internal import Foundation

/// A file of settings with the text it shall have: read and edited, not yet written.
package struct SettingsFile: Sendable {
  package let path: String
  private let holdsSecret: Bool
  private let old: String?
  private let new: String
  private let mode: Int?

  /// Reads the file and edits its text.
  ///
  /// - Throws: ``LoginError/file(path:reason:)`` when it is no text, cannot be read, or is written
  ///   in a way that cannot be edited.
  package init(_ edit: FileEdit) throws(LoginError) {
    // A link stays a link: what it points to is edited.
    path = URL(fileURLWithPath: edit.path).resolvingSymlinksInPath().path
    holdsSecret = edit.holdsSecret
    old = try Self.text(at: path)
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    mode = attributes?[.posixPermissions] as? Int
    do { new = try edit.change(old ?? "") } catch {
      throw .file(path: path, reason: error.description)
    }
  }

  /// Whether anything is to be done.
  package var isChanged: Bool { new != old ?? "" }

  /// Writes the file as one step, readable by its owner alone when it holds a secret.
  ///
  /// - Throws: ``LoginError/file(path:reason:)``; the file is then as it was.
  package func write() throws(LoginError) {
    do {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try PrivateFile.write(Array(new.utf8), to: path)
      guard !holdsSecret else { return }
      try FileManager.default.setAttributes([.posixPermissions: mode ?? 0o644], ofItemAtPath: path)
    } catch {
      throw .file(path: path, reason: "it cannot be written: \(error)")
    }
  }

  /// The lines that go and come, each with its sign, secrets masked.
  package var difference: [String] {
    let before = (old ?? "").split(separator: "\n", omittingEmptySubsequences: false)
    let after = new.split(separator: "\n", omittingEmptySubsequences: false)
    let changes = after.difference(from: before)
    let gone = changes.removals.compactMap { change -> String? in
      guard case .remove(_, let line, _) = change else { return nil }
      return "- " + SecretMask.masked(String(line))
    }
    let come = changes.insertions.compactMap { change -> String? in
      guard case .insert(_, let line, _) = change else { return nil }
      return "+ " + SecretMask.masked(String(line))
    }
    return gone + come
  }

  private static func text(at path: String) throws(LoginError) -> String? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .file(path: path, reason: "it cannot be read")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw .file(path: path, reason: "it is no UTF-8 text")
    }
    return text
  }
}
