/// One SQL statement with a name, written in the subset that SQLite and PostgreSQL share.
///
/// Parameters are `?` in order (`$n` to PostgreSQL, which is a driver's business). The name is what
/// plans, errors and traces call it.
package struct NamedStatement: Hashable, Sendable {
  package let name: String
  package let sql: String

  init(_ name: String, _ sql: String) {
    self.name = name
    self.sql = sql
  }
}
