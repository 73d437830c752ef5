/// A change in the making: all of it becomes durable, or none.
///
/// Each function that changes a domain writes that change's journal row itself, so that none can be
/// forgotten.
package struct CatalogTransaction: CatalogReading {
  /// What the transaction wrote to journals, to be told to observers once it is durable.
  final class Notes {
    var entries: [JournalEntry] = []
  }

  package let connection: Connection
  let notes: Notes
  let names: BlobNames
}
