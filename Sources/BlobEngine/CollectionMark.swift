/// A moment in the life of an open store, before which a collector has not looked up anything.
public struct CollectionMark: Hashable, Sendable {
  let token: CollectionToken
}

/// What became of a blob that a collector wanted to delete.
public enum CollectionResult: Hashable, Sendable {
  /// It is gone.
  case deleted
  /// It was not there.
  case absent
  /// It was put or touched lately; the next collection may take it.
  case kept

  init(_ result: Collection) {
    switch result {
    case .deleted: self = .deleted
    case .absent: self = .absent
    case .kept: self = .kept
    }
  }
}
