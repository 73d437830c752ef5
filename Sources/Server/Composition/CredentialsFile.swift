import Disk
import Foundation

/// What the first start made, and what `larder env` hands on.
package struct Credentials: Codable, Hashable, Sendable {
  package var account: String
  package var accessKeyID: String
  package var secretAccessKey: String
  package var region: String
  /// Where the server listened when it last became ready.
  package var endpoint: String

  package init(
    account: String,
    accessKeyID: String,
    secretAccessKey: String,
    region: String,
    endpoint: String
  ) {
    self.account = account
    self.accessKeyID = accessKeyID
    self.secretAccessKey = secretAccessKey
    self.region = region
    self.endpoint = endpoint
  }
}

/// `credentials.json` in the data directory, readable by its owner alone.
package struct CredentialsFile: Sendable {
  private let path: String

  package init(directory: String) {
    self.path = directory + "/credentials.json"
  }

  package var exists: Bool {
    FileManager.default.fileExists(atPath: path)
  }

  /// - Throws: ``CredentialsError`` that says what to do.
  package func read() throws(CredentialsError) -> Credentials {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .missing(path: path)
    }
    guard let credentials = try? JSONDecoder().decode(Credentials.self, from: data) else {
      throw .unreadable(path: path)
    }
    return credentials
  }

  /// Replaces the file as one step: whoever reads it sees the old or the new one.
  package func write(_ credentials: Credentials) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try PrivateFile.write(Array(encoder.encode(credentials)), to: path)
  }
}

/// Why there are no credentials to be had.
package enum CredentialsError: Error, Hashable, CustomStringConvertible {
  case missing(path: String)
  case unreadable(path: String)

  package var description: String {
    switch self {
    case .missing(let path):
      "there is no \(path): start the server once with the same --data, it makes the file"
    case .unreadable(let path):
      "\(path) is not the JSON that the server wrote; restore it from a backup"
    }
  }
}
