import Crypto
import FormatRules
import Foundation
import Repository
import Synchronization
import Testing

@testable import Catalog
@testable import Events

@Suite("Events about package versions")
struct EventTests {
  @Test func `a published version is an event in EventBridge's form`() async throws {
    try await EventHouse.run { house, _ in
      let collector = Collector()
      let pump = house.pump(collector)
      try await pump.register()
      try await house.publish("left-pad", "1.0.0")
      #expect(try await pump.round())
      let event = try #require(collector.received.first)
      #expect(collector.received.count == 1)
      let json = try JSONReader.read(event.json)
      #expect(json["source"]?.string == "aws.codeartifact")
      #expect(json["detail-type"]?.string == "CodeArtifact Package Version State Change")
      #expect(json["version"]?.string == "0")
      #expect(json["time"]?.string == "1970-01-01T00:00:06Z")
      #expect(json["account"]?.string == EventHouse.account)
      let arn = "arn:aws:codeartifact:us-east-1:111122223333:package/shop/store/npm/acme/left-pad"
      #expect(json["resources"]?.array?.compactMap(\.string) == [arn])
      let detail = json["detail"]
      let texts = [
        "domainName": "shop", "domainOwner": EventHouse.account, "repositoryName": "store",
        "repositoryAdministrator": "444455556666", "packageFormat": "npm",
        "packageNamespace": "acme", "packageName": "left-pad", "packageVersion": "1.0.0",
        "packageVersionState": "Published", "operationType": "Created",
        "eventDeduplicationId": event.deduplicationID,
      ]
      for (name, text) in texts { #expect(detail?[name]?.string == text, "\(name)") }
      #expect(detail?["packageVersionRevision"]?.string?.isEmpty == false)
      #expect(detail?["changes"]?["assetsAdded"]?.natural == 1)
      #expect(detail?["changes"]?["statusChanged"]?.bool == true)
      #expect(detail?["sequenceNumber"]?.natural == UInt64(event.sequenceNumber))
    }
  }

  @Test func `changes and removals follow, each with a higher number`() async throws {
    try await EventHouse.run { house, _ in
      let collector = Collector()
      let pump = house.pump(collector)
      try await pump.register()
      let id = try #require(try await house.publish("left-pad", "1.0.0"))
      try await house.catalog.write { transaction throws(CatalogError) in
        _ = try transaction.amend(
          id,
          status: .unlisted,
          metadata: "{}",
          at: Timestamp(seconds: 7)
        )
        _ = try transaction.remove(id, at: Timestamp(seconds: 8))
      }
      while try await pump.round() {}
      let details = try collector.received.map { try JSONReader.read($0.json)["detail"] }
      #expect(details.map { $0?["operationType"]?.string } == ["Created", "Updated", "Deleted"])
      #expect(
        details.map { $0?["packageVersionState"]?.string } == ["Published", "Unlisted", "Unlisted"]
      )
      let numbers = collector.received.map(\.sequenceNumber)
      #expect(numbers == numbers.sorted() && Set(numbers).count == 3)
    }
  }

  @Test func `a destination begins with what happens after it was made known`() async throws {
    try await EventHouse.run { house, _ in
      try await house.publish("old", "1.0.0")
      let collector = Collector()
      let pump = house.pump(collector)
      try await pump.register()
      #expect(try await !pump.round())
      try await house.publish("new", "1.0.0")
      while try await pump.round() {}
      // Made known again, as each start does: nothing is delivered twice.
      try await pump.register()
      #expect(try await !pump.round())
      #expect(collector.received.map { $0.package.hasSuffix("/new") } == [true])
    }
  }

  @Test func `what a crash left undelivered comes again under the same names`() async throws {
    try await EventHouse.run { house, _ in
      let failing = FailingOnce()
      let pump = house.pump(failing)
      try await pump.register()
      for version in 0..<250 { try await house.publish("left-pad", "1.\(version).0") }
      await #expect(throws: Interrupted.self) { while try await pump.round() {} }
      let before = failing.received
      while try await pump.round() {}
      let all = failing.received
      #expect(Set(all.map(\.id)).count == 250, "none is lost")
      #expect(Set(all[before.count...].map(\.id)).isSuperset(of: before.suffix(100).map(\.id)))
      let ids = Dictionary(grouping: all, by: \.sequenceNumber).mapValues { Set($0.map(\.id)) }
      #expect(ids.values.allSatisfy { $0.count == 1 })
    }
  }

  @Test func `a row of the journal that is no version is passed over`() async throws {
    let entry = JournalEntry(
      domainID: DomainID(1),
      serial: 1,
      kind: .domainCreated,
      subject: JournalEntry.Subject(),
      detail: "{}",
      at: Timestamp(seconds: 1)
    )
    let position = EventPosition(
      domainID: DomainID(1),
      owner: "1",
      domain: "shop",
      serial: 1,
      delivered: 0
    )
    #expect(try VersionEvent(entry, in: position, region: "r") == nil)
  }

  @Test func `a page that comes again after a crash is in the file once`() async throws {
    try await EventHouse.run { house, folder in
      let file = folder + "/events.jsonl"
      let collector = Collector()
      let pump = house.pump(collector)
      try await pump.register()
      for version in 0..<3 { try await house.publish("left-pad", "1.\(version).0") }
      while try await pump.round() {}
      let events = collector.received
      try await EventFile(path: file, clock: QuickClock(), logger: quiet).deliver(events)
      // The next start knows of nothing, and is given all of it and one more.
      try await house.publish("left-pad", "1.3.0")
      while try await pump.round() {}
      try await EventFile(path: file, clock: QuickClock(), logger: quiet)
        .deliver(collector.received)
      let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
      #expect(lines.map { Array($0.utf8) } == collector.received.map(\.json))
    }
  }

  @Test func `a full file makes room, and the oldest goes`() async throws {
    try await EventHouse.run { house, folder in
      let file = folder + "/events.jsonl"
      let collector = Collector()
      let pump = house.pump(collector)
      try await pump.register()
      for version in 0..<13 { try await house.publish("left-pad", "1.\(version).0") }
      while try await pump.round() {}
      let target = EventFile(path: file, byteLimit: 1, clock: QuickClock(), logger: quiet)
      for event in collector.received { try await target.deliver([event]) }
      let files = ["", ".1", ".2", ".3", ".4", ".5", ".6", ".7", ".8", ".9"].map { file + $0 }
      let contents = try files.map { try String(contentsOfFile: $0, encoding: .utf8) }
      let expected = collector.received.reversed().prefix(10).map {
        String(decoding: $0.json, as: UTF8.self) + "\n"
      }
      #expect(contents == Array(expected))
      #expect(!FileManager.default.fileExists(atPath: file + ".10"))
    }
  }

  @Test func `a pump that runs delivers what is committed`() async throws {
    try await EventHouse.run { house, folder in
      let file = folder + "/events.jsonl"
      let pump = house.pump(EventFile(path: file, clock: QuickClock(), logger: quiet))
      try await pump.register()
      let running = Task { await pump.run() }
      try await house.publish("left-pad", "1.0.0")
      try await house.publish("left-pad", "2.0.0")
      var lines: [Substring] = []
      while lines.count < 2 {
        await Task.yield()
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        lines = text.split(separator: "\n")
      }
      running.cancel()
      await running.value
      let versions = try lines.map {
        try JSONReader.read(Array($0.utf8))["detail"]?["packageVersion"]?.string
      }
      #expect(versions == ["1.0.0", "2.0.0"])
    }
  }
}

@Suite("The webhook for events")
struct WebhookTests {
  private func events(_ names: [String]) throws -> [VersionEvent] {
    let position = EventPosition(
      domainID: DomainID(1),
      owner: "111122223333",
      domain: "shop",
      serial: 9,
      delivered: 0
    )
    return try names.enumerated().compactMap { index, name in
      let entry = JournalEntry(
        domainID: DomainID(1),
        serial: Int64(index + 1),
        kind: .versionRecorded,
        subject: JournalEntry.Subject(
          repositoryID: RepositoryID(1),
          repository: "store",
          package: PackageCoordinates(format: .npm, name: name),
          version: "1.\(index).0"
        ),
        detail: #"{"status":"Published","revision":"r","change":{"operation":"Created"}}"#,
        at: Timestamp(seconds: 1)
      )
      return try VersionEvent(entry, in: position, region: "us-east-1")
    }
  }

  @Test func `deliveries are tried until they are taken, each package in its order`() async throws {
    let taken = Mutex<[String]>([])
    let tries = Mutex(0)
    let hook = Webhook(secret: nil, clock: QuickClock(), logger: quiet) { delivery in
      let number = tries.withLock { count in
        count += 1
        return count
      }
      if number % 3 == 1 { throw Interrupted() }
      if number % 3 == 2 { return Webhook.Answer(status: 503, retryAfter: .seconds(1)) }
      let detail = try JSONReader.read(delivery.body)["detail"]
      let name = detail?["packageName"]?.string ?? ""
      taken.withLock { $0.append("\(name) \(detail?["packageVersion"]?.string ?? "")") }
      return Webhook.Answer(status: 204)
    }
    try await hook.deliver(events(["a", "b", "a", "c", "b", "a"]))
    let all = taken.withLock(\.self)
    #expect(all.count == 6)
    #expect(all.filter { $0.hasPrefix("a") } == ["a 1.0.0", "a 1.2.0", "a 1.5.0"])
    #expect(all.filter { $0.hasPrefix("b") } == ["b 1.1.0", "b 1.4.0"])
  }

  @Test func `a delivery is signed over its moment and its body`() throws {
    let secret = Array("hush".utf8)
    let hook = Webhook(secret: secret, clock: QuickClock(), logger: quiet) { _ in
      Webhook.Answer(status: 200)
    }
    let event = try #require(try events(["a"]).first)
    let delivery = hook.delivery(of: event)
    let header = delivery.headers.first { $0.name == "X-Larder-Signature" }?.value
    let signed = Array("1700000000.".utf8) + delivery.body
    let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: secret))
    let digits = code.map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
    #expect(header == "t=1700000000,v1=\(digits)")
    let plain = Webhook(secret: nil, clock: QuickClock(), logger: quiet) { _ in
      Webhook.Answer(status: 200)
    }
    #expect(!plain.delivery(of: event).headers.contains { $0.name == "X-Larder-Signature" })
  }

  @Test func `a server that stops does not wait for a dead address`() async throws {
    let hook = Webhook(secret: nil, clock: QuickClock(), logger: quiet) { _ in throw Interrupted() }
    let some = try events(["a"])
    let running = Task { try await hook.deliver(some) }
    running.cancel()
    await #expect(throws: CancellationError.self) { try await running.value }
  }

  @Test func `waits double up to a cap, half of them by chance`() {
    let backoff = Backoff()
    #expect(backoff.wait(after: 1, chance: 0) == .milliseconds(250))
    #expect(backoff.wait(after: 1, chance: 1) == .milliseconds(500))
    #expect(backoff.wait(after: 3, chance: 1) == .seconds(2))
    #expect(backoff.wait(after: 1000, chance: 1) == .seconds(60))
    #expect(backoff.wait(after: 1, chance: 0, asked: .seconds(7)) == .seconds(7))
    #expect(backoff.wait(after: 1, chance: 0, asked: .seconds(7000)) == .seconds(60))
  }
}

private struct Interrupted: Error {}

/// Takes a page, and fails in the middle of the second one, as a crash would.
private final class FailingOnce: EventDestination {
  let name = "failing"
  private let state = Mutex<(events: [VersionEvent], pages: Int)>(([], 0))

  var received: [VersionEvent] { state.withLock(\.events) }

  func deliver(_ events: [VersionEvent]) async throws {
    let page = state.withLock { state in
      state.pages += 1
      state.events += events
      return state.pages
    }
    if page == 2 { throw Interrupted() }
  }
}
