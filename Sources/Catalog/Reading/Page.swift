/// Part of a listing, and where to go on.
///
/// A page may hold fewer items than were asked for, even none, and still have a successor: a filter
/// that passes little stops after a bounded number of rows rather than search them all.
package struct Page<Item: Sendable, Position: Sendable>: Sendable {
  package let items: [Item]
  /// The last position that was passed; nil at the end of the listing.
  package let next: Position?

  /// Makes a page of at most `limit` items from one more than that: the extra item shows that the
  /// listing goes on.
  init(_ items: [Item], limit: Int, position: (Item) -> Position) {
    guard items.count > limit, limit > 0 else {
      self.init(items: items, next: nil)
      return
    }
    let kept = Array(items.prefix(limit))
    self.init(items: kept, next: kept.last.map(position))
  }

  init(items: [Item], next: Position?) {
    self.items = items
    self.next = next
  }
}
