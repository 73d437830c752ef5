internal import Bytes
internal import Foundation
internal import GRDB

/// One row of a result, read by position and without trust: what is on disk is input.
struct ResultRow {
  private let row: Row
  /// Named in errors.
  private let statement: NamedStatement

  init(_ row: Row, of statement: NamedStatement) {
    self.row = row
    self.statement = statement
  }

  func integer(_ index: Int) throws(CatalogError) -> Int64 {
    guard case .int64(let value) = storage(index) else { throw damage(index, "an integer") }
    return value
  }

  func integerIfPresent(_ index: Int) throws(CatalogError) -> Int64? {
    if case .null = storage(index) { return nil }
    return try integer(index)
  }

  func text(_ index: Int) throws(CatalogError) -> String {
    guard case .string(let value) = storage(index) else { throw damage(index, "a text") }
    return value
  }

  func textIfPresent(_ index: Int) throws(CatalogError) -> String? {
    if case .null = storage(index) { return nil }
    return try text(index)
  }

  func bytes(_ index: Int) throws(CatalogError) -> [UInt8] {
    guard case .blob(let value) = storage(index) else { throw damage(index, "bytes") }
    return [UInt8](value)
  }

  func digest(_ index: Int) throws(CatalogError) -> SHA256Digest {
    let bytes = try bytes(index)
    guard let digest = SHA256Digest(bytes: bytes.span) else {
      throw damage(index, "a SHA-256 digest")
    }
    return digest
  }

  func digestIfPresent(_ index: Int) throws(CatalogError) -> SHA256Digest? {
    if case .null = storage(index) { return nil }
    return try digest(index)
  }

  func time(_ index: Int) throws(CatalogError) -> Timestamp {
    try Timestamp(microseconds: integer(index))
  }

  func flag(_ index: Int) throws(CatalogError) -> Bool {
    try integer(index) != 0
  }

  func id<Record>(_ index: Int) throws(CatalogError) -> Identifier<Record> {
    try Identifier(integer(index))
  }

  /// Reads a text that stands for one of an enumeration's cases.
  func word<Word: RawRepresentable<String>>(_ index: Int) throws(CatalogError) -> Word {
    guard let word = try Word(rawValue: text(index)) else {
      throw damage(index, "one of \(Word.self)")
    }
    return word
  }

  func damage(_ index: Int, _ expected: String) -> CatalogError {
    .damaged("column \(index) of '\(statement.name)' is not \(expected)")
  }

  private func storage(_ index: Int) -> DatabaseValue.Storage {
    guard index < row.count else { return .null }
    return (row[index] as DatabaseValue).storage
  }
}
