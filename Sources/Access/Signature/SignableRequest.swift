internal import Bytes

/// The parts of an HTTP request that a signature covers, exactly as they stand on the wire.
package struct SignableRequest: Hashable, Sendable {
  /// One header field; the name in any case.
  package struct Header: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package let method: String
  /// The path as sent, with its escapes.
  package let rawPath: String
  /// The query as sent, without its `?`.
  package let rawQuery: String
  /// All fields in the order they came, `host` among them.
  package var headers: [Header]

  package init(method: String, rawPath: String, rawQuery: String, headers: [Header]) {
    self.method = method
    self.rawPath = rawPath
    self.rawQuery = rawQuery
    self.headers = headers
  }

  /// The values of the fields called `name`, which is in lower case, in order.
  func values(of name: String) -> [String] {
    headers.filter { $0.name.lowercased() == name }.map(\.value)
  }

  /// The value of the first parameter of the query called `name`, decoded.
  func parameter(_ name: String) -> String? {
    for (key, value) in QueryParameters.split(rawQuery) where key == name[...] {
      return PercentEncoding.decode(value)
    }
    return nil
  }
}
