internal import Foundation
internal import GRDB

/// What goes into a statement's parameters: the types that SQLite and PostgreSQL share.
enum SQLValue: Sendable {
  case null
  case integer(Int64)
  case text(String)
  case bytes([UInt8])

  static func id<Record>(_ identifier: Identifier<Record>) -> SQLValue {
    .integer(identifier.rawValue)
  }

  static func id<Record>(_ identifier: Identifier<Record>?) -> SQLValue {
    identifier.map { .integer($0.rawValue) } ?? .null
  }

  static func time(_ time: Timestamp) -> SQLValue { .integer(time.microseconds) }

  static func text(_ text: String?) -> SQLValue {
    guard let text else { return .null }
    return .text(text)
  }

  static func count(_ count: Int) -> SQLValue { .integer(Int64(count)) }

  /// The value as GRDB binds it.
  var databaseValue: DatabaseValue {
    switch self {
    case .null: .null
    case .integer(let value): value.databaseValue
    case .text(let value): value.databaseValue
    case .bytes(let value): Data(value).databaseValue
    }
  }
}
