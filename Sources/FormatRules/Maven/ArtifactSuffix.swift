/// What a file's name says behind `artifact-version`: a classifier and an extension.
///
/// The layout does not tell where one ends and the other begins, since both may have dots. Endings
/// that are known to be double (`tar.gz`) and those of signatures belong together; before them,
/// whatever else there is belongs to the classifier.
package struct ArtifactSuffix: Hashable, Sendable {
  package let classifier: String?
  package let `extension`: String

  /// Reads `-classifier.extension` or `.extension`; nil for other texts.
  package init?(_ text: String) {
    if text.first == ".", text.utf8.count > 1 {
      self.init(classifier: nil, extension: String(text.dropFirst()))
      return
    }
    guard text.first == "-" else { return nil }
    var parts = text.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
      .map(String.init)
    guard parts.count > 1, let last = parts.popLast(), !last.isEmpty else { return nil }
    var ending = [last]
    func takeBefore(_ isWanted: (String) -> Bool) {
      guard parts.count > 1, let part = parts.last, isWanted(part) else { return }
      ending.insert(parts.removeLast(), at: 0)
    }
    if last == "asc" || last == "sig" || last == "sigstore" { takeBefore { _ in true } }
    if last == "json" { takeBefore { $0 == "sigstore" } }
    if ending[0] == "sigstore" { takeBefore { _ in true } }
    takeBefore { $0 == "tar" }
    let classifier = parts.joined(separator: ".")
    guard !classifier.isEmpty else { return nil }
    self.init(classifier: classifier, extension: ending.joined(separator: "."))
  }

  package init(classifier: String?, extension: String) {
    self.classifier = classifier
    self.extension = `extension`
  }

  /// The text behind `artifact-version`.
  package var text: String {
    (classifier.map { "-\($0)." } ?? ".") + `extension`
  }
}
