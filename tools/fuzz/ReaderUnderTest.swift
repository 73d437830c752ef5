import ArchiveSamples
import Dispatch

@testable import FormatRules

/// A reader of what strangers send, by the name that `tools/fuzz/run --reader` gives.
///
/// Archives are compressed behind the fuzzer's back where they come compressed: damage behind the
/// checksum of gzip would never reach what reads the archive.
enum ReaderUnderTest: String, CaseIterable {
  case gzip, npm, crate, gem, sdist, search, wheel, nupkg, swift
  case json, members, npmUpload, packument, crateDescription, crateIndex, simpleJSON, registration
  case xml, pom, nuspec, mavenMetadata, simpleHTML
  case yaml, gemSpecification, gemList, toml, swiftManifest, coreMetadata, form, filter

  /// Reads `input`; anything but ``MalformedInput`` that is thrown is a defect.
  func run(_ input: [UInt8]) throws {
    if try readArchive(input) { return }
    if try readJSON(input) { return }
    if try readXML(input) { return }
    try readText(input)
  }

  private func readArchive(_ input: [UInt8]) throws -> Bool {
    let pieces = Self.pieces(self == .gzip || self == .gem ? input : TestGzip.stored(input))
    switch self {
    case .gzip:
      var reader = GzipReader()
      for piece in pieces {
        reader.feed(piece)
        while try !reader.produce(upTo: 1 << 16).isEmpty {}
      }
    case .npm:
      var archive = NpmArchive()
      for piece in pieces { try archive.feed(piece) }
      _ = try archive.finish()
    case .crate:
      var archive = CrateArchive(name: "a", version: "1.0.0")
      for piece in pieces { try archive.feed(piece) }
      _ = try archive.finish()
    case .gem:
      var archive = GemArchive()
      for piece in pieces { try archive.feed(piece) }
      _ = try archive.finish().marshalled
    case .sdist:
      var archive = SourceDistributionMetadata(inspectsMembers: true)
      for piece in pieces { try archive.feed(piece) }
      _ = try archive.finish()
    case .search:
      var search = TarballSearch.readme(below: 1)
      for piece in pieces { try search.feed(piece) }
    case .wheel, .nupkg, .swift: try Self.wait { try await readZip(ByteSource(input)) }
    default: return false
    }
    return true
  }

  private func readZip(_ source: ByteSource) async throws {
    switch self {
    case .wheel:
      guard let name = DistributionFileName("a-1.0.0-py3-none-any.whl") else { return }
      try await WheelMetadata.check(source, named: name)
      _ = try await WheelMetadata.cutOut(of: source, named: name)
    case .nupkg:
      _ = try await NuGetArchive(of: source)
      _ = try await NuGetArchive.readme(of: source)
    default: _ = try await SwiftSourceArchive(of: source)
    }
  }

  private func readJSON(_ input: [UInt8]) throws -> Bool {
    switch self {
    case .json:
      let value = try JSONReader.read(input)
      guard try JSONReader.read(Array(value.json.utf8)) == value else {
        fatalError("JSON that was read is written as another value")
      }
    case .members:
      let members = try JSONMembers(of: input)
      for member in members.all {
        _ = try? members.read(member)
        _ = try members.members(of: member)
      }
    case .npmUpload:
      var reader = NpmUploadReader()
      for piece in Self.pieces(input) { _ = try reader.feed(piece) }
      guard let name = NpmName("a") else { return true }
      _ = try NpmPublication(try JSONMembers(of: try reader.finish()), of: name)
    case .packument:
      guard let name = NpmName("a") else { return true }
      _ = try PackageListing(npmPackument: input, of: name, at: "https://h/a")
    case .crateDescription:
      _ = try CrateDescription(reading: input, ownIndex: "https://h/").metadata(checksum: "")
    case .crateIndex:
      guard let name = CrateName("a") else { return true }
      let configuration = try CrateIndexConfiguration(reading: Array(#"{"dl":"https://h"}"#.utf8))
      _ = CrateIndexFile.render(try CrateIndexFile.read(input, of: name, with: configuration))
    case .simpleJSON:
      _ = try SimplePage(json: input, at: "https://h/simple/a/").renderHTML()
    case .registration: _ = NuGetDescription(try JSONReader.read(input))?.row
    default: return false
    }
    return true
  }

  private func readXML(_ input: [UInt8]) throws -> Bool {
    switch self {
    case .xml: _ = try XMLReader.read(input)
    case .pom: _ = try ProjectObjectModel(reading: input).metadata
    case .nuspec: _ = try NuGetDescription(nuspec: input).row
    case .mavenMetadata: _ = try MavenMetadata(reading: input).render()
    case .simpleHTML: _ = try SimplePage(html: input, at: "https://h/simple/a/").renderJSON()
    default: return false
    }
    return true
  }

  private func readText(_ input: [UInt8]) throws {
    switch self {
    case .yaml: _ = try YAMLReader.read(input)
    case .gemSpecification: _ = try GemSpecification(reading: input).metadata
    case .gemList: _ = try GemListing.read(input, of: "a", base: "https://h/")
    case .toml: _ = try CrateManifest(reading: input)
    case .swiftManifest: _ = SwiftDependencyScanner.dependencies(in: input)
    case .coreMetadata: _ = try CoreMetadata(reading: input)
    case .form:
      var form = try MultipartForm(contentType: "multipart/form-data; boundary=X")
      for piece in Self.pieces(input) { _ = try form.feed(piece) }
      try form.finish()
    case .filter: _ = try NuGetFeedFilter(String(decoding: input, as: UTF8.self))
    default: break
    }
  }

  /// In pieces of a length that no structure has.
  private static func pieces(_ input: [UInt8]) -> [[UInt8]] {
    stride(from: 0, to: input.count, by: 777).map {
      Array(input[$0..<min($0 + 777, input.count)])
    }
  }

  /// libFuzzer calls a plain function, and what reads from any place is asynchronous.
  private static func wait(_ work: @escaping @Sendable () async throws -> Void) throws {
    let done = DispatchSemaphore(value: 0)
    let outcome = Outcome()
    Task {
      do { try await work() } catch { outcome.error = error }
      done.signal()
    }
    done.wait()
    if let error = outcome.error { throw error }
  }

  /// Written before the signal and read after it.
  private final class Outcome: @unchecked Sendable {
    var error: (any Error)?
  }
}
