import BlobEngine

/// What a blob is to its callers.
enum BlobState: Hashable {
  case never
  case present
  /// Deleted, and its bytes are kept.
  case deleted
}

/// Something that was done with a blob, and what came of it.
enum BlobOperation: Hashable, CustomStringConvertible {
  case put(wasNew: Bool)
  case get(found: Bool)
  case stat(found: Bool)
  case delete(wasThere: Bool)
  case collect(CollectionResult)
  case undelete(found: Bool)

  /// The state after it, if this could have come of it in `state` at one instant; nil otherwise.
  func applied(to state: BlobState) -> BlobState? {
    let isPresent = state == .present
    switch self {
    case .put(let wasNew): return wasNew != isPresent ? .present : nil
    case .get(let found), .stat(let found): return found == isPresent ? state : nil
    case .delete(let wasThere): return wasThere == isPresent ? afterDelete(of: state) : nil
    case .collect(.deleted): return isPresent ? .deleted : nil
    case .collect(.absent): return isPresent ? nil : state
    // Whoever is asked to collect may keep what he is not sure of.
    case .collect(.kept): return isPresent ? state : nil
    case .undelete(let found): return found == (state != .never) ? afterUndelete(of: state) : nil
    }
  }

  private func afterDelete(of state: BlobState) -> BlobState {
    state == .present ? .deleted : state
  }

  private func afterUndelete(of state: BlobState) -> BlobState {
    state == .deleted ? .present : state
  }

  var description: String {
    switch self {
    case .put(let wasNew): "put, \(wasNew ? "new" : "known")"
    case .get(let found): "get, \(found ? "found" : "absent")"
    case .stat(let found): "stat, \(found ? "found" : "absent")"
    case .delete(let wasThere): "delete, \(wasThere ? "was there" : "was not")"
    case .collect(let result): "collect, \(result)"
    case .undelete(let found): "undelete, \(found ? "found" : "absent")"
    }
  }
}
