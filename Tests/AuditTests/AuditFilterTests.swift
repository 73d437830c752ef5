import FormatRules
import Testing

@testable import Audit

@Suite("Searching the trail")
struct AuditFilterTests {
  private func passes(
    _ entry: AuditEntry = entry(),
    _ change: (inout AuditFilter) -> Void
  ) throws -> Bool {
    var filter = AuditFilter()
    change(&filter)
    let line = AuditRecord(region: "us-east-1").line(for: entry, eventID: "e-1")
    return filter.passes(try JSONReader.read(line.dropLast()))
  }

  @Test func `each filter takes its own and leaves the rest`() throws {
    #expect(try passes { $0.principal = "user/anna" })
    #expect(try passes { $0.principal = "AKIAEXAMPLE" })
    #expect(try !passes { $0.principal = "bert" })
    #expect(try passes { $0.action = "ReadFromRepository" })
    #expect(try !passes { $0.action = "Read" })
    #expect(try passes { $0.resource = "repository/corp" })
    #expect(try !passes { $0.resource = "repository/other" })
    #expect(try passes { $0.repository = "tools" })
    #expect(try !passes { $0.repository = "tool" })
    #expect(try passes { $0.package = "flask" })
    #expect(try !passes { $0.package = "django" })
    #expect(try passes { $0.requestID = "r-1" })
    #expect(try !passes { $0.requestID = "r-2" })
  }

  @Test func `a bound of time takes in the second it lies in`() throws {
    #expect(try passes { $0.since = noon + 500 })
    #expect(try !passes { $0.since = noon + 1000 })
    #expect(try passes { $0.until = noon })
    #expect(try !passes { $0.until = noon - 1 })
  }

  @Test func `outcomes are told apart`() throws {
    for (status, outcome) in [(200, AuditFilter.Outcome.ok), (403, .denied), (404, .failed)] {
      for other in AuditFilter.Outcome.allCases {
        #expect(try passes(entry(status: status)) { $0.outcome = other } == (outcome == other))
      }
    }
  }

  @Test func `a follower sees what was added, once`() async throws {
    try await withFolder { folder in
      let log = try AuditLog(folder: folder, region: "us-east-1", clock: { noon }) { _ in }
      await log.recordDurably(entry("CreateDomain", id: "first"))
      let search = AuditSearch(folder: AuditFolder(path: folder), filter: AuditFilter())
      var position = try search.run { _ in true }
      await log.recordDurably(entry("CreateDomain", id: "second"))
      var seen: [String?] = []
      position = try search.follow(from: position) {
        seen.append($0.record["requestID"]?.string)
        return true
      }
      _ = try search.follow(from: position) { _ in
        Issue.record("seen twice")
        return true
      }
      #expect(seen == ["second"])
      await log.close()
    }
  }
}
