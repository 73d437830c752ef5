/// What can be asked of the catalog, at one moment: in a ``CatalogSnapshot`` of what is committed,
/// or inside a ``CatalogTransaction``, which sees its own changes.
///
/// Every question is one point read or one range of an index. Questions that may have long answers
/// take a limit and where to go on; none skips rows it has passed before.
package protocol CatalogReading {
  var connection: Connection { get }
}

/// The catalog as of one committed moment.
package struct CatalogSnapshot: CatalogReading {
  package let connection: Connection
}
