import Foundation
import Logging

/// Writes a log record as one JSON object a line, for machines that collect logs.
struct JSONLogHandler: LogHandler {
  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]
  private let label: String

  init(label: String) {
    self.label = label
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var fields = ["level": event.level.rawValue, "label": label]
    for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }) {
      fields[key] = "\(value)"
    }
    fields["message"] = "\(event.message)"
    fields["time"] = Date().ISO8601Format(
      .iso8601(timeZone: .gmt, includingFractionalSeconds: true)
    )
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard var line = try? encoder.encode(fields) else { return }
    line.append(UInt8(ascii: "\n"))
    try? FileHandle.standardError.write(contentsOf: line)
  }
}
