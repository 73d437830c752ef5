import Ring
import Testing

@testable import Disk

@Suite("The open files of a disk")
struct FileTableTests {
  private func key(_ number: UInt32) -> FileTable.Key {
    FileTable.Key(file: .slot(number), direct: true)
  }

  private func open() throws -> OpenFile {
    try OpenFile("/", .directory)
  }

  @Test func `the file that rested longest makes room`() throws {
    var table = FileTable(limit: 2)
    let first = try #require(table.insert(try open(), as: key(1)))
    _ = try #require(table.insert(try open(), as: key(2)))
    table.retain(first)
    #expect(table.release(first) == nil)
    #expect(table.insert(try open(), as: key(3)) != nil)
    #expect(table.place(of: key(1)) == first)
    #expect(table.place(of: key(2)) == nil)
  }

  @Test func `a file in use never makes room`() throws {
    var table = FileTable(limit: 1)
    let place = try #require(table.insert(try open(), as: key(1)))
    table.retain(place)
    #expect(table.insert(try open(), as: key(2)) == nil)
    _ = table.release(place)
    #expect(table.insert(try open(), as: key(2)) == place)
  }

  @Test func `a removed file keeps its place until its last user has gone`() throws {
    var table = FileTable(limit: 4)
    let place = try #require(table.insert(try open(), as: key(1)))
    table.retain(place)
    #expect(table.forget(.slot(1)) == [])
    #expect(table.place(of: key(1)) == nil)
    #expect(table.release(place) == place)
  }
}
