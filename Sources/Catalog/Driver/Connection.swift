internal import GRDB

/// A database connection inside a transaction, on its own thread: runs named statements.
package struct Connection {
  private let database: Database
  private let tally: RowTally

  init(_ database: Database, _ tally: RowTally) {
    self.database = database
    self.tally = tally
  }

  /// Runs a statement to its end and returns what its rows decode to.
  func rows<Value>(
    _ statement: NamedStatement,
    _ values: [SQLValue],
    _ decode: (ResultRow) throws(CatalogError) -> Value
  ) throws(CatalogError) -> [Value] {
    do {
      let prepared = try database.cachedStatement(sql: statement.sql)
      let cursor = try Row.fetchCursor(prepared, arguments: Self.arguments(values))
      var result: [Value] = []
      while let row = try cursor.next() {
        result.append(try decode(ResultRow(row, of: statement)))
      }
      tally.add(result.count)
      return result
    } catch {
      throw CatalogError(error)
    }
  }

  /// Runs a statement that yields at most one row.
  func row<Value>(
    _ statement: NamedStatement,
    _ values: [SQLValue],
    _ decode: (ResultRow) throws(CatalogError) -> Value
  ) throws(CatalogError) -> Value? {
    try rows(statement, values, decode).first
  }

  /// Runs a statement that must yield a row, such as one that returns what it inserted.
  func requiredRow<Value>(
    _ statement: NamedStatement,
    _ values: [SQLValue],
    _ decode: (ResultRow) throws(CatalogError) -> Value
  ) throws(CatalogError) -> Value {
    guard let value = try row(statement, values, decode) else {
      throw .damaged("'\(statement.name)' yields no row where there must be one")
    }
    return value
  }

  /// Runs a statement that yields nothing, and returns how many rows it changed.
  @discardableResult
  func run(_ statement: NamedStatement, _ values: [SQLValue]) throws(CatalogError) -> Int {
    do {
      let prepared = try database.cachedStatement(sql: statement.sql)
      try prepared.execute(arguments: Self.arguments(values))
      return database.changesCount
    } catch {
      throw CatalogError(error)
    }
  }

  /// The values as the library binds them.
  ///
  /// As values of any kind, although all are of one: for those of one kind it follows a key path
  /// that is put together anew each time, for a quarter of what a short statement costs.
  private static func arguments(_ values: [SQLValue]) -> StatementArguments {
    StatementArguments(values.map { $0.databaseValue as (any DatabaseValueConvertible)? })
  }
}
