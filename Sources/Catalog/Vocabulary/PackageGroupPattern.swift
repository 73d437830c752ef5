/// Which packages a package group is about: a path `/format/namespace/name` that is cut short
/// somewhere and says by its last character how it goes on.
///
/// | pattern | packages |
/// |---|---|
/// | `/*` | all |
/// | `/npm/*` | of one format |
/// | `/maven/com.anycompany~` | in namespaces that begin with those words |
/// | `/npm/space/*` | in one namespace |
/// | `/npm/space/anycompany-ui~` | whose names begin with those words |
/// | `/npm//react$` | one |
///
/// `$` ends a name; `~` goes on where a word ends; `*` goes on in any way, after a `/` or anything
/// else that is no part of a word. Packages without a namespace have an empty one. Source:
/// CodeArtifact user guide, "Package group definition syntax and matching behavior".
///
/// Patterns are compared by their code points: two that differ in case alone are two.
package struct PackageGroupPattern: Sendable {
  /// How a pattern goes on.
  package enum Ending: Character, CaseIterable, Sendable {
    case everything = "*"
    case exact = "$"
    case words = "~"
  }

  /// All before the last character.
  let stem: [Unicode.Scalar]
  package let ending: Ending

  init(stem: [Unicode.Scalar], ending: Ending) {
    self.stem = stem
    self.ending = ending
  }

  /// All packages.
  package static let root = PackageGroupPattern(stem: ["/"], ending: .everything)

  /// The one package.
  package init(exactly package: PackageCoordinates) {
    let path = "/\(package.format.rawValue)/\(package.namespace ?? "")/\(package.name)"
    self.init(stem: Array(path.unicodeScalars), ending: .exact)
  }

  package var text: String {
    Self.text(stem) + String(ending.rawValue)
  }

  /// The only format that it can match; nil for the root's.
  package var format: PackageFormat? {
    guard self != .root else { return nil }
    let word = stem.dropFirst().prefix { $0 != "/" }
    return PackageFormat(rawValue: String(String.UnicodeScalarView(word)))
  }

  package func matches(_ package: PackageCoordinates) -> Bool {
    covers(PackageGroupPattern(exactly: package))
  }

  /// Whether all that `other` matches is matched by this, `other` itself included.
  package func covers(_ other: PackageGroupPattern) -> Bool {
    guard other.stem.starts(with: stem) else { return false }
    let isLonger = other.stem.count > stem.count
    return switch ending {
    case .everything: isLonger || other.ending != .words
    case .exact: !isLonger && other.ending == .exact
    case .words: isLonger ? !other.stem[stem.count].continuesWord : other.ending != .everything
    }
  }

  /// Whether it says more than `other`: of two patterns that match the same package, the one that
  /// does is the narrower.
  package func isNarrower(than other: PackageGroupPattern) -> Bool {
    (stem.count, ending == .exact ? 1 : 0) > (other.stem.count, other.ending == .exact ? 1 : 0)
  }

  /// What it becomes when everything is taken away that people overlook; two patterns may fold to
  /// the same.
  var folded: String {
    Self.fold(stem) + String(ending.rawValue)
  }

  /// The folded patterns that would match a package, however it is spelled, narrowest first.
  ///
  /// A handful: one for the whole and one or two for each word.
  static func foldedCandidates(for package: PackageCoordinates) -> [String] {
    let path = PackageGroupPattern(exactly: package).stem
    let folded = Array(fold(path).unicodeScalars)
    var candidates = prefixes(of: folded)
    // A fold may make a letter of what is none (`|`), or the other way round: then words end at
    // other places, and patterns were written for the name as it is spelled.
    if path.contains(where: { !$0.isASCII || $0 == "|" }) {
      for (stem, ending) in prefixes(of: path) {
        let prefix = (stem: Array(fold(stem).unicodeScalars), ending: ending)
        if !candidates.contains(where: { $0 == prefix }) { candidates.append(prefix) }
      }
      candidates.sort { $0.stem.count < $1.stem.count }
    }
    candidates.append((folded, .exact))
    return candidates.reversed().map { text($0.stem) + String($0.ending.rawValue) }
  }

  /// Where a path can be cut, shortest first: after every word, and after whatever is no part of
  /// one.
  private static func prefixes(
    of path: [Unicode.Scalar]
  ) -> [(stem: [Unicode.Scalar], ending: Ending)] {
    path.indices.compactMap { index in
      let stem = Array(path[...index])
      guard path[index].continuesWord else { return (stem, .everything) }
      let isWordOver = index + 1 == path.count || !path[index + 1].continuesWord
      return isWordOver ? (stem, .words) : nil
    }
  }

  private static func fold(_ stem: [Unicode.Scalar]) -> String { NameFolding.fold(text(stem)) }

  private static func text(_ stem: [Unicode.Scalar]) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: stem)
    return String(view)
  }
}

extension PackageGroupPattern: Hashable {
  package func hash(into hasher: inout Hasher) {
    hasher.combine(stem)
    hasher.combine(ending)
  }
}

extension PackageGroupPattern: CustomStringConvertible {
  package var description: String { text }
}
