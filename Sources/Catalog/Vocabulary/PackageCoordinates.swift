/// What names a package inside a repository, in the normalised spelling of its format.
package struct PackageCoordinates: Hashable, Sendable {
  package var format: PackageFormat
  /// Nil where the format has none or the package is not in one.
  package var namespace: String?
  package var name: String

  package init(format: PackageFormat, namespace: String? = nil, name: String) {
    self.format = format
    self.namespace = namespace
    self.name = name
  }
}

extension PackageCoordinates: CustomStringConvertible {
  /// Format, namespace where there is one, and name: `npm/types/node`.
  package var description: String {
    [format.rawValue, namespace, name].compactMap(\.self).joined(separator: "/")
  }
}

extension PackageCoordinates {
  /// The package as its users write it: ``description``, with the `@` of an npm scope.
  package var spelling: String {
    guard format == .npm, let namespace else { return description }
    return "\(format.rawValue)/@\(namespace)/\(name)"
  }
}

extension PackageCoordinates: Comparable {
  /// By format, namespace and name, in the order of their UTF-8 bytes, as the catalog lists them.
  package static func < (left: PackageCoordinates, right: PackageCoordinates) -> Bool {
    for (mine, other) in zip(left.order, right.order) where mine != other {
      return mine.utf8.lexicographicallyPrecedes(other.utf8)
    }
    return false
  }

  private var order: [String] { [format.rawValue, namespace ?? "", name] }
}
