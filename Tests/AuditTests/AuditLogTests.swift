import Disk
import Exchange
import FormatRules
import Foundation
import Synchronization
import Testing

@testable import Audit

@Suite("The audit trail")
struct AuditLogTests {
  private func open(
    _ folder: String,
    _ options: AuditOptions = AuditOptions(),
    at time: UInt64 = noon,
    complain: @escaping @Sendable (String) -> Void = { _ in }
  ) throws -> AuditLog {
    try AuditLog(
      folder: folder,
      region: "us-east-1",
      options: options,
      clock: { time },
      complain: complain
    )
  }

  @Test func `a change is in the file when it is answered`() async throws {
    try await withFolder { folder in
      let log = try open(folder)
      #expect(await log.recordDurably(entry("CreateDomain")))
      #expect(try events(in: folder) == ["AuditTrailOpened", "CreateDomain"])
      await log.close()
    }
  }

  @Test func `a signed read is in the file when it is answered`() async throws {
    try await withFolder { folder in
      let log = try open(folder)
      #expect(await log.recordSurely(entry("DescribeDomain")))
      #expect(try events(in: folder) == ["AuditTrailOpened", "DescribeDomain"])
      await log.close()
    }
  }

  @Test func `files begun under load have every record once`() async throws {
    try await withFolder { folder in
      var options = AuditOptions()
      options.fileByteLimit = 20_000
      let log = try open(folder, options)
      await withTaskGroup(of: Void.self) { group in
        for writer in 0..<8 {
          group.addTask {
            for number in 0..<100 {
              let id = "r-\(writer)-\(number)"
              switch number % 3 {
              case 0: await log.recordDurably(entry("CreateDomain", id: id))
              case 1: await log.recordSurely(entry("DescribeDomain", id: id))
              default: log.record(entry(id: id))
              }
            }
          }
        }
      }
      await log.close()
      let place = AuditFolder(path: folder)
      #expect(place.files().count > 5)
      var ids: [String: Int] = [:]
      try AuditSearch(folder: place, filter: AuditFilter()).run {
        ids[$0.record["requestID"]?.string ?? "", default: 0] += 1
        return true
      }
      ids[""] = nil
      #expect(ids.count == 800)
      #expect(ids.values.allSatisfy { $0 == 1 })
    }
  }

  @Test func `a damaged line is passed over and counted`() async throws {
    try await withFolder { folder in
      let log = try open(folder)
      await log.recordDurably(entry("CreateDomain"))
      await log.close()
      let path = try #require(AuditFolder(path: folder).files().last?.path)
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("{\"eventName\":\u{0}}\nnothing\n".utf8))
      try handle.close()
      var filter = AuditFilter()
      filter.outcome = .ok
      let search = AuditSearch(folder: AuditFolder(path: folder), filter: filter)
      #expect(try search.run { _ in true }.damagedLineCount == 2)
      #expect(try events(in: folder, filter) == ["CreateDomain"])
    }
  }

  @Test func `a caller who has gone is not waited for`() async throws {
    try await withFolder { folder in
      var options = AuditOptions()
      options.backlogByteLimit = 0
      options.patience = .seconds(3600)
      let log = try open(folder, options)
      let asking = Task { await log.hasRoom() }
      asking.cancel()
      #expect(await !asking.value)
      await log.close()
    }
  }

  @Test func `reads are written when the trail is closed, in their order`() async throws {
    try await withFolder { folder in
      let log = try open(folder)
      for number in 0..<100 { log.record(entry(id: "r-\(number)")) }
      await log.close()
      var filter = AuditFilter()
      filter.action = "ReadFromRepository"
      let search = AuditSearch(folder: AuditFolder(path: folder), filter: filter)
      var ids: [String] = []
      try search.run {
        ids.append($0.record["requestID"]?.string ?? "")
        return true
      }
      #expect(ids == (0..<100).map { "r-\($0)" })
      #expect(try events(in: folder).last == "AuditTrailClosed")
    }
  }

  @Test func `a torn last line is taken away, and the gap is on record`() async throws {
    try await withFolder { folder in
      let log = try open(folder)
      await log.recordDurably(entry("CreateDomain"))
      let path = try #require(AuditFolder(path: folder).files().last?.path)
      // What a killed server leaves: no closing record, and half a line.
      let copy = folder + "-killed"
      defer { try? FileManager.default.removeItem(atPath: copy) }
      try FileManager.default.copyItem(atPath: folder, toPath: copy)
      await log.close()
      let torn = copy + "/" + (path.split(separator: "/").last ?? "")
      let handle = try #require(FileHandle(forWritingAtPath: torn))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data(#"{"eventVersion":"1.05","userId"#.utf8))
      try handle.close()
      let again = try open(copy, at: noon + 5000)
      await again.close()
      let names = try events(in: copy)
      #expect(
        names == [
          "AuditTrailOpened", "CreateDomain", "AuditTrailGap", "AuditTrailOpened",
          "AuditTrailClosed",
        ]
      )
      let lines = try AuditSearch(folder: AuditFolder(path: copy), filter: AuditFilter()).lines()
      #expect(lines[2].contains(#""tornBytes":30"#), "\(lines[2])")
      #expect(lines[2].contains(#""from":"2026-01-31T12:00:00Z""#))
    }
  }

  @Test func `a trail that was closed opens without a gap`() async throws {
    try await withFolder { folder in
      await (try open(folder)).close()
      await (try open(folder)).close()
      #expect(
        try events(in: folder) == [
          "AuditTrailOpened", "AuditTrailClosed", "AuditTrailOpened", "AuditTrailClosed",
        ]
      )
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `full files are compressed, and read like the others`() async throws {
    try await withFolder { folder in
      var options = AuditOptions()
      options.fileByteLimit = 1
      let log = try open(folder, options)
      for number in 0..<3 { await log.recordDurably(entry("CreateDomain", id: "r-\(number)")) }
      await log.close()
      let place = AuditFolder(path: folder)
      // Behind the log, when a file is full.
      while !place.files().dropLast().allSatisfy({ $0.isCompressed }) { await Task.yield() }
      #expect(place.files().count == 4)
      let names = try events(in: folder)
      #expect(names.filter { $0 == "CreateDomain" }.count == 3)
      #expect(names.last == "AuditTrailClosed")
    }
  }

  @Test func `a disk that refuses holds up changes, and loses none`() async throws {
    try await withFolder { folder in
      var options = AuditOptions()
      options.fileByteLimit = 1
      options.patience = .zero
      let complaints = Mutex<[String]>([])
      let log = try open(folder, options) { text in complaints.withLock { $0.append(text) } }
      await log.recordDurably(entry("CreateDomain", id: "before"))
      #expect(await log.hasRoom())
      try FileManager.default.moveItem(atPath: folder, toPath: folder + "-away")
      defer { try? FileManager.default.removeItem(atPath: folder + "-away") }
      #expect(await !log.recordDurably(entry("CreateDomain", id: "during")))
      #expect(await !log.hasRoom())
      let refusals = complaints.withLock { $0.filter { $0.contains("cannot be written") } }
      #expect(refusals.count == 1)
      try FileManager.default.moveItem(atPath: folder + "-away", toPath: folder)
      while await !log.hasRoom() { await Task.yield() }
      await log.close()
      var filter = AuditFilter()
      filter.requestID = "during"
      #expect(try events(in: folder, filter) == ["CreateDomain"])
    }
  }

  @Test func `reads beyond the bound are counted, and changes never`() {
    var backlog = AuditBacklog(limit: 3 * entry().weight)
    for number in 0..<10 {
      backlog.add(.init(entry: entry(at: noon + UInt64(number)), done: nil))
    }
    #expect(!backlog.hasRoom)
    let isKept = backlog.add(.init(entry: entry("CreateDomain"), done: nil))
    #expect(isKept)
    let batch = backlog.take()
    #expect(batch.items.count == 4)
    #expect(batch.lost == .init(reads: 7, first: noon + 3, last: noon + 9))
    #expect(backlog.isEmpty)
    backlog.add(.init(entry: entry(id: "later"), done: nil))
    backlog.putBack(batch)
    #expect(backlog.take().items.map(\.entry.id) == ["r-1", "r-1", "r-1", "r-1", "later"])
  }

  @Test func `on a full disk, calls that leave nothing behind are counted`() async throws {
    try await withFolder { folder in
      let reserve = SpaceReserve(path: folder + ".reserve", byteCount: 4096) { _ in }
      var options = AuditOptions()
      options.patience = .zero
      let log = try AuditLog(folder: folder, region: "r", options: options, reserve: reserve) { _ in
      }
      #expect(reserve.release())
      #expect(await log.hasRoom(isReading: true))
      log.record(entry(id: "read"))
      #expect(await log.recordSurely(entry("DescribeDomain", id: "signed")))
      #expect(await log.recordDurably(entry("DeleteDomain", id: "change")))
      #expect(try events(in: folder) == ["AuditTrailOpened", "DeleteDomain"])
      reserve.restore()
      #expect(await log.recordSurely(entry("ListDomains", id: "later")))
      #expect(
        try events(in: folder)
          == ["AuditTrailOpened", "DeleteDomain", "ListDomains", "AuditTrailGap"]
      )
      await log.close()
    }
  }

  @Test func `a batch that finds no room gives up what can be counted, and tells who waits`() {
    let told = Mutex(0)
    var batch = AuditBacklog.Batch(items: [], lost: .init(reads: 1, first: noon, last: noon))
    batch.items = [
      .init(entry: entry(at: noon + 1), done: nil),
      .init(entry: entry("CreateDomain"), done: nil),
      .init(entry: entry("AssumeRole"), done: nil),
      .init(entry: entry("ListDomains", at: noon + 2), safety: .written) { isKept in
        told.withLock { $0 += isKept ? 1 : 100 }
      },
    ]
    batch.thin()
    #expect(batch.items.map(\.entry.notes.event) == ["CreateDomain", "AssumeRole"])
    #expect(batch.lost == .init(reads: 3, first: noon, last: noon + 2))
    #expect(told.withLock(\.self) == 1)
  }

  @Test func `lost reads are a record of their own, which no search hides`() async throws {
    try await withFolder { folder in
      let writer = try AuditWriter.open(
        AuditFolder(path: folder),
        region: "us-east-1",
        options: AuditOptions(),
        clock: { noon },
        complain: { _ in }
      )
      try write(AuditBacklog.Batch(items: [], lost: .init(reads: 7, first: 0, last: 1)), writer)
      var filter = AuditFilter()
      filter.action = "DeleteDomain"
      #expect(try events(in: folder, filter) == ["AuditTrailGap"])
    }
  }

  private func write(
    _ batch: AuditBacklog.Batch,
    _ writer: consuming AuditWriter
  ) throws {
    try writer.write(batch)
  }

  @Test func `old files go by age, and the oldest by size; the newest stays`() {
    let day: UInt64 = 86_400_000
    let files = (0..<4).map {
      AuditFolder.File(start: noon + UInt64($0) * day, isCompressed: true, path: "", byteCount: 10)
    }
    var options = AuditOptions()
    options.keepByteCount = 0
    options.keepDays = 2
    let now = noon + 4 * day
    #expect(AuditFolder.expired(files, at: now, options) == [files[0]])
    options.keepDays = 0
    options.keepByteCount = 15
    #expect(AuditFolder.expired(files, at: now, options) == Array(files[..<3]))
    options.keepByteCount = 0
    #expect(AuditFolder.expired(files, at: now, options).isEmpty)
  }
}
