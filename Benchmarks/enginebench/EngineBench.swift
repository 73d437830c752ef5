import ArgumentParser

/// Measures the engine: JSON lines out.
@main
struct EngineBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enginebench",
    subcommands: [
      DigestsCommand.self, IngestCommand.self, PeersCommand.self, RecompressCommand.self,
      ScaleCommand.self, SharingCommand.self, SweepCommand.self,
    ],
    defaultSubcommand: PeersCommand.self
  )
}
