import Access
import Bytes
import Exchange
import FormatRules
import HTTPTypes
import Repository
import Testing

@testable import Formats

@Suite("Distribution files")
struct FileTests {
  private static let address = "simple/demo-pkg/1.0.0/\(TestForm.wheelName)"

  private func published(_ body: (TestHouse, [UInt8]) async throws -> Void) async throws {
    try await TestHouse.run { house in
      try await house.publish(.wheel())
      try await body(house, try Archive.bytes("deflated.whl"))
    }
  }

  @Test func `a file comes whole, for ever, and never encoded`() async throws {
    try await published { house, wheel in
      let reply = await house.send(.get, Self.address, [.acceptEncoding: "gzip, br, *"])
      #expect(reply.status == .ok)
      #expect(try await house.bytes(reply) == wheel)
      #expect(reply.headers[.contentType] == "application/octet-stream")
      #expect(reply.headers[.eTag] == "\"\(TestForm.wheelSHA256)\"")
      #expect(reply.headers[.acceptRanges] == "bytes")
      #expect(reply.headers[.cacheControl] == "private, max-age=31536000, immutable")
      #expect(reply.headers[.vary] == "Accept-Encoding, Authorization")
      #expect(reply.zstandardTag == nil)
      #expect(reply.headers[.contentEncoding] == nil)
      let range = try #require(reply.blobRange)
      #expect(range == 0..<UInt64(wheel.count))
    }
  }

  @Test func `the address on the page leads to the file`() async throws {
    try await published { house, wheel in
      let reply = await house.send(.get, "simple/Demo.Pkg/")
      let page = try SimplePage(
        html: try await house.bytes(reply),
        at: "http://h:1\(TestHouse.root)simple/Demo.Pkg/"
      )
      let path = try #require(page.files.first?.url.dropFirst("http://h:1".count))
      #expect(try await house.bytes(await house.send(.get, String(path))) == wheel)
    }
  }

  @Test(arguments: [
    ("bytes=0-0", 0, 1), ("bytes=0-", 0, 20_781), ("bytes=100-199", 100, 200),
    ("bytes=20780-", 20_780, 20_781), ("bytes=-5", 20_776, 20_781), ("bytes=-99999", 0, 20_781),
    ("bytes=20000-99999999999999999999", 20_000, 20_781), ("Bytes=1-2", 1, 3),
  ])
  func `one range is sent alone`(range: String, start: Int, end: Int) async throws {
    try await published { house, wheel in
      let reply = await house.send(.get, Self.address, [.range: range])
      #expect(reply.status == .partialContent)
      #expect(reply.headers[.contentRange] == "bytes \(start)-\(end - 1)/20781")
      let bytes = try await house.bytes(reply)
      #expect(bytes == Array(wheel[start..<end]))
    }
  }

  @Test(arguments: ["bytes=20781-", "bytes=-0", "bytes=99999999999999999999-"])
  func `a range beyond the file cannot be had`(range: String) async throws {
    try await published { house, _ in
      let reply = await house.send(.get, Self.address, [.range: range])
      #expect(reply.status == .rangeNotSatisfiable)
      #expect(reply.headers[.contentRange] == "bytes */20781")
    }
  }

  @Test(arguments: [
    "bytes=1-2,5-6", "items=0-1", "bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "bytes=1-2-3",
    "bytes= 1-2",
  ])
  func `what is no single range gets the whole file`(range: String) async throws {
    try await published { house, wheel in
      let reply = await house.send(.get, Self.address, [.range: range])
      #expect(reply.status == .ok)
      #expect(reply.headers[.contentRange] == nil)
      let bytes = try await house.bytes(reply)
      #expect(bytes.count == wheel.count)
    }
  }

  @Test func `If-Range keeps the range for the same file only`() async throws {
    try await published { house, _ in
      let tag = "\"\(TestForm.wheelSHA256)\""
      for (condition, status) in [
        (tag, HTTPResponse.Status.partialContent), ("W/\(tag)", .ok), ("\"x\"", .ok),
        ("Tue, 14 Nov 2023 22:13:20 GMT", .ok),
      ] {
        let reply = await house.send(
          .get,
          Self.address,
          [.range: "bytes=0-9", .ifRange: condition]
        )
        #expect(reply.status == status, "\(condition)")
      }
    }
  }

  @Test func `a client that has the file is told so`() async throws {
    try await published { house, _ in
      for tag in ["\"\(TestForm.wheelSHA256)\"", "*", "\"a\" , W/\"\(TestForm.wheelSHA256)\""] {
        let reply = await house.send(
          .get,
          Self.address,
          [.ifNoneMatch: tag, .range: "bytes=0-1"]
        )
        #expect(reply.status == .notModified)
        #expect(reply.headers[.eTag] == "\"\(TestForm.wheelSHA256)\"")
      }
      #expect(await house.send(.get, Self.address, [.ifNoneMatch: "\"b\""]).status == .ok)
    }
  }

  @Test func `HEAD tells the length and takes no range`() async throws {
    try await published { house, wheel in
      let reply = await house.send(.head, Self.address, [.range: "bytes=0-1"])
      #expect(reply.status == .ok)
      let range = try #require(reply.blobRange)
      #expect(range.count == wheel.count)
    }
  }

  @Test func `the metadata beside a wheel is what the page announces`() async throws {
    try await published { house, _ in
      let reply = await house.send(.get, Self.address + ".metadata")
      #expect(reply.status == .ok)
      let bytes = try await house.bytes(reply)
      #expect(try CoreMetadata(reading: bytes).name == "Demo.Pkg")
      let page = await house.send(
        .get,
        "simple/demo-pkg/",
        [.accept: "application/vnd.pypi.simple.v1+json"]
      )
      let announced = try JSONReader.read(try await house.bytes(page))["files"]?.array?.first?[
        "core-metadata"
      ]?["sha256"]?.string
      #expect(PayloadHash.sha256(bytes).hexadecimal == announced)
    }
  }

  @Test func `there is no metadata beside a source distribution`() async throws {
    try await TestHouse.run { house in
      try await house.publish(.sdist())
      let file = "simple/demo-pkg/1.0/\(TestForm.sdistName)"
      #expect(await house.send(.get, file).status == .ok)
      #expect(await house.send(.get, file + ".metadata").status == .notFound)
    }
  }

  @Test(arguments: [
    "simple/demo-pkg/1.0.0/demo_pkg-1.0.1-py3-none-any.whl",
    "simple/other/1.0.0/\(TestForm.wheelName)",
    "simple/demo-pkg/2.0/\(TestForm.wheelName)", "simple/demo-pkg/1.0.0/..%2Fx.whl",
    "simple/%20/1/x-1.zip",
    "simple/demo-pkg/1.0.0/.metadata",
  ])
  func `other files are not found`(address: String) async throws {
    try await published { house, _ in
      #expect(await house.send(.get, address).status == .notFound)
    }
  }

  @Test func `a file from a public index is sent while it arrives, and fetched once`() async throws
  {
    try await TestHouse.run { house in
      _ = try await house.depot.associateExternalConnection("public:pypi", with: TestHouse.path)
      let wheel = try Archive.bytes("deflated.whl")
      let source = "https://files.test/\(TestForm.wheelName)"
      house.external.setFile(source, wheel)
      house.external.setPage(
        "demo-pkg",
        json: """
          {"meta":{"api-version":"1.1"},"name":"demo-pkg","files":[{"filename":\
          "\(TestForm.wheelName)","url":"\(source)","hashes":{"sha256":"\(TestForm.wheelSHA256)"},\
          "size":\(wheel.count)}]}
          """
      )
      let tail = await house.send(.get, Self.address, [.range: "bytes=-100"])
      #expect(tail.status == .partialContent)
      #expect(try await house.bytes(tail) == Array(wheel.suffix(100)))
      let whole = await house.send(.get, Self.address)
      #expect(whole.status == .ok)
      #expect(try await house.bytes(whole) == wheel)
      let stored = await house.send(.get, Self.address)
      #expect(try await house.bytes(stored) == wheel)
      #expect(house.external.downloads == [source])
      house.external.goDown()
      #expect(try await house.bytes(await house.send(.get, Self.address)) == wheel)
      #expect(await house.send(.get, Self.address + ".metadata").status == .ok)
    }
  }

  @Test func `ranges resolve at the edges of numbers`() {
    #expect(RangeRequest("bytes=0-18446744073709551615")?.resolve(in: .max) == 0..<(.max))
    #expect(RangeRequest("bytes=0-")?.resolve(in: 0) == nil)
    #expect(RangeRequest("bytes=-1")?.resolve(in: 0) == nil)
  }
}
