package import BlobEngine

/// One thing that a workload does, and how long it waits before the next.
package struct TortureStep: Sendable {
  package enum Action: Sendable {
    case put(BlobRecipe, Durability)
    case delete(BlobRecipe)
    case undelete(BlobRecipe)
    /// Reads the blob, or a part of it given in thousandths of its size.
    case read(BlobRecipe, part: Range<Int>?)
    case stat(BlobRecipe)
    /// Begins an upload, sends the first half of it, and cancels it or leaves it lying.
    case abandonUpload(BlobRecipe, cancels: Bool)
    /// Lets the blob, if it is an archive, share its members; a wrong recipe is one that gives
    /// other bytes.
    case share(BlobRecipe, isWrong: Bool)
    case checkpoint
    /// Empties every segment with dead bytes.
    case compact
    /// Empties every segment besides that was not compressed again yet.
    case recompress
    case scrub
    case list
    /// Closes the store in order and opens it again.
    case reopen
    /// Ends the process without closing, and opens the store again.
    case kill
    /// Lets somebody else's files take all that is left of the file system but so many bytes.
    case crowd(leaving: Int)
    /// Takes somebody else's files away.
    case uncrowd
  }

  package var action: Action
  /// How many turns of the engine follow; nil: until nothing is left to do.
  package var turns: Int?

  package init(_ action: Action, turns: Int? = nil) {
    self.action = action
    self.turns = turns
  }
}

extension TortureStep: CustomStringConvertible {
  /// The step in a few words.
  package var description: String {
    let pause = turns.map { ", \($0) turns" } ?? ""
    return "\(action)\(pause)"
  }
}

extension TortureStep.Action: CustomStringConvertible {
  /// The action in a few words.
  package var description: String {
    switch self {
    case .put(let recipe, let durability): "put \(recipe) \(durability)"
    case .delete(let recipe): "delete \(recipe)"
    case .undelete(let recipe): "undelete \(recipe)"
    case .read(let recipe, let part): "read \(recipe)\(part.map { " ‰\($0)" } ?? "")"
    case .stat(let recipe): "stat \(recipe)"
    case .abandonUpload(let recipe, let cancels):
      "\(cancels ? "cancel" : "leave") an upload of \(recipe)"
    case .share(let recipe, let isWrong): "share \(recipe)\(isWrong ? ", wrongly" : "")"
    case .checkpoint: "checkpoint"
    case .compact: "compact"
    case .recompress: "recompress"
    case .scrub: "scrub"
    case .list: "list"
    case .reopen: "reopen"
    case .kill: "kill"
    case .crowd(let left): "crowd, leaving \(left)"
    case .uncrowd: "uncrowd"
    }
  }
}
