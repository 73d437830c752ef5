import BlobEngine
import Foundation
import Testing

@Suite("Damage on the platters")
struct DamageTests {
  private func larder(_ scratch: Scratch, _ arguments: [String]) throws -> LarderProcess.Result {
    let command = ["store", arguments[0], "--store", "\(scratch.path)/store", "--any-file-system"]
    return try LarderProcess.run(command + arguments.dropFirst())
  }

  private func flip(_ needle: [UInt8], in scratch: Scratch) throws {
    let slots = "\(scratch.path)/store/slots"
    for name in try FileManager.default.contentsOfDirectory(atPath: slots) {
      let url = URL(fileURLWithPath: "\(slots)/\(name)")
      var data = try Data(contentsOf: url)
      guard let place = data.range(of: Data(needle)) else { continue }
      data[place.lowerBound + 3] ^= 0x20
      let handle = try FileHandle(forUpdating: url)
      try handle.seek(toOffset: UInt64(place.lowerBound))
      try handle.write(contentsOf: data[place])
      try handle.close()
      return
    }
    Issue.record("the bytes of the blob are in no slot")
  }

  @Test func `is found by name, never served, and harms no other blob`() async throws {
    let scratch = try Scratch()
    let options = StoreOptions(
      segmentByteCount: 1 << 20,
      cacheByteLimit: 0,
      compresses: false,
      acceptsAnyFileSystem: true
    )
    let store = try await BlobStore.open(at: "\(scratch.path)/store", options: options)
    let victim = Array("a blob that is about to be damaged".utf8)
    let before = try await store.put(Array("the one before".utf8)).key
    let damaged = try await store.put(victim).key
    let after = try await store.put(Array("the one after".utf8)).key
    await store.close()
    try flip(victim, in: scratch)

    let scrub = try larder(scratch, ["scrub"])
    #expect(scrub.status == 2)
    #expect(scrub.output.contains("\(damaged)  damaged: "))
    let read = try larder(scratch, ["get", "\(damaged)"])
    #expect(read.status == 2)
    #expect(read.output.isEmpty)
    #expect(read.errors.contains("\(damaged)"))
    #expect(try larder(scratch, ["get", "\(before)"]).output == "the one before")
    #expect(try larder(scratch, ["get", "\(after)"]).output == "the one after")

    let file = try scratch.file("victim", victim)
    #expect(try larder(scratch, ["put", file.path]).status == 0)
    #expect(
      try larder(scratch, ["get", "\(damaged)"]).output == String(decoding: victim, as: UTF8.self)
    )
  }
}
