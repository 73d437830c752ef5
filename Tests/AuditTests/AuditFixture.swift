import Exchange
import FormatRules
import Foundation

@testable import Audit

/// A folder that goes away with the test.
func withFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
  let folder = FileManager.default.temporaryDirectory.appending(path: "audit-\(UUID())")
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder.path)
}

/// Noon of 2026-01-31.
let noon: UInt64 = 1_769_860_800_000

/// A call as the door hands it over.
func entry(
  _ event: String = "ReadFromRepository",
  at time: UInt64 = noon,
  id: String = "r-1",
  path: String = "/pypi/d/corp-111122223333/tools/simple/flask/",
  status: Int = 200,
  change: (inout CallNotes) -> Void = { _ in }
) -> AuditEntry {
  var notes = CallNotes()
  notes.event = event
  notes.caller = CallNotes.Caller(
    account: "111122223333",
    arn: "arn:aws:iam::111122223333:user/anna",
    accessKeyID: "AKIAEXAMPLE"
  )
  notes.resources = ["arn:aws:codeartifact:us-east-1:111122223333:repository/corp/tools"]
  notes.parameters = { Array(#"{"repositoryName":"tools","packageName":"flask"}"#.utf8) }
  change(&notes)
  return AuditEntry(
    milliseconds: time,
    id: id,
    peer: "10.1.2.3",
    agent: "pip/25.0",
    method: "GET",
    path: path,
    status: status,
    byteCount: 7,
    notes: notes
  )
}

extension AuditSearch {
  /// All lines that pass.
  func lines() throws -> [String] {
    var lines: [String] = []
    try run {
      lines.append(String(decoding: $0.line, as: UTF8.self))
      return true
    }
    return lines
  }
}

/// The names of all records in a folder, in order.
func events(in folder: String, _ filter: AuditFilter = AuditFilter()) throws -> [String] {
  var names: [String] = []
  try AuditSearch(folder: AuditFolder(path: folder), filter: filter).run {
    names.append($0.record["eventName"]?.string ?? "?")
    return true
  }
  return names
}
