import ArgumentParser
import BlobEngine
import Foundation

/// The engine alone, along each axis of its matrix.
struct SweepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "The engine's matrix: sizes, concurrency, operations, compressibility, durability."
  )

  @Option(help: "An empty folder on the file system to measure.")
  var directory: String

  @Option(help: "The round's number: seeds the payloads.")
  var round = 1

  @Option(help: "Seconds for each cell.")
  var seconds = 1.0

  @Option(help: "Only the cells whose name has this in it.")
  var cell = ""

  @Flag(help: "Print the names of the cells, and measure nothing.")
  var list = false

  func run() async throws {
    let cells = Cell.sweep.filter { cell.isEmpty || $0.name.contains(cell) }
    guard !list else { return cells.forEach { print($0.name) } }
    guard !cells.isEmpty else { throw ValidationError("no cell has “\(cell)” in its name") }
    for cell in cells.shuffled() { try await measure(cell) }
  }

  /// Every cell has a store of its own, so that none pays for what another left behind.
  private func measure(_ cell: Cell) async throws {
    let folder = directory + "/sweep"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var bench = try await CellBench(cell, directory: folder, seed: UInt64(round) << 48)
    guard try await bench.settle() else {
      FileHandle.standardError.write(Data("\(cell.name): needs root to drop caches\n".utf8))
      return
    }
    let round = Round(
      cell: cell.name,
      number: round,
      concurrency: cell.concurrency,
      duration: .seconds(seconds),
      device: DeviceCounter(under: directory)
    )
    try await bench.run(in: round).print()
    await bench.close()
  }
}
