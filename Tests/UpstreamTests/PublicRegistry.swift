import Bytes
import Catalog
import Codec
import FormatRules
import Foundation

/// A public registry of one format with the package `thing` in two versions.
enum PublicRegistry: String, CaseIterable {
  case npm
  case cargo
  case maven
  case nuget
  case ruby
  case pypi

  var connection: ExternalConnection {
    switch self {
    case .npm: .npmjs
    case .cargo: .cratesIO
    case .maven: .mavenCentral
    case .nuget: .nugetOrg
    case .ruby: .rubyGemsOrg
    case .pypi: .pypi
    }
  }

  var package: PackageCoordinates {
    PackageCoordinates(
      format: connection.format,
      namespace: self == .maven ? "org.acme" : nil,
      name: "thing"
    )
  }

  func fileName(_ version: String) -> String {
    switch self {
    case .npm: PackageListing.npmArchiveName
    case .cargo: "thing-\(version).crate"
    case .maven: "thing-\(version).jar"
    case .nuget: "thing.\(version).nupkg"
    case .ruby: "thing-\(version).gem"
    case .pypi: "thing-\(version).tar.gz"
    }
  }

  static func bytes(_ version: String) -> [UInt8] {
    Array(String(repeating: "the bytes of \(version)\n", count: 2_000).utf8)
  }

  /// What a friendly registry answers; nil for what it does not have.
  func answer(_ request: LocalServer.Request) -> [UInt8]? {
    let base = "http://\(request.headers["host"] ?? "")/"
    for version in ["1.0.0", "2.0.0"] where request.path == path(version) {
      return Self.bytes(version)
    }
    return documents(base)[request.path].map { Array($0.utf8) }
  }

  private func path(_ version: String) -> String {
    switch self {
    case .npm: "/thing/-/thing-\(version).tgz"
    case .cargo: "/dl/thing/\(version)/download"
    case .maven: "/org/acme/thing/\(version)/thing-\(version).jar"
    case .nuget: "/flat/thing/\(version)/thing.\(version).nupkg"
    case .ruby: "/gems/thing-\(version).gem"
    case .pypi: "/files/thing-\(version).tar.gz"
    }
  }

  private func documents(_ base: String) -> [String: String] {
    switch self {
    case .npm:
      let versions = Self.lines { version, digests in
        let shasum = Hexadecimal.encode(digests.sha1)
        return
          #""\#(version)":{"name":"thing","version":"\#(version)","dist":{"shasum":"\#(shasum)","#
          + #""tarball":"\#(base)thing/-/thing-\#(version).tgz"}}"#
      }
      return [
        "/thing": #"{"name":"thing","dist-tags":{"latest":"2.0.0"},"versions":{"#
          + versions.joined(separator: ",") + "}}"
      ]
    case .cargo:
      let lines = Self.lines { version, digests in
        #"{"name":"thing","vers":"\#(version)","deps":[],"features":{},"yanked":false,"#
          + #""cksum":"\#(digests.sha256.hexadecimal)"}"# + "\n"
      }
      return ["/config.json": #"{"dl":"\#(base)dl"}"#, "/th/in/thing": lines.joined()]
    case .maven:
      let root = "/org/acme/thing"
      var documents = [
        "\(root)/maven-metadata.xml":
          "<metadata><groupId>org.acme</groupId><artifactId>thing</artifactId><versioning>"
          + "<versions><version>1.0.0</version><version>2.0.0</version></versions></versioning>"
          + "</metadata>"
      ]
      _ = Self.lines { version, digests in
        documents["\(path(version)).sha1"] = Hexadecimal.encode(digests.sha1)
        return ""
      }
      return documents
    case .nuget:
      let leaves = Self.lines { version, digests in
        #"{"catalogEntry":{"id":"thing","version":"\#(version)","packageHashAlgorithm":"SHA512","#
          + #""packageHash":"\#(Base64.encode(digests.sha512))"}}"#
      }
      return [
        "/v3/index.json": #"{"resources":[{"@id":"\#(base)reg/","@type":"RegistrationsBaseUrl"},"#
          + #"{"@id":"\#(base)flat/","@type":"PackageBaseAddress/3.0.0"}]}"#,
        "/reg/thing/index.json": #"{"items":[{"items":["# + leaves.joined(separator: ",") + "]}]}",
      ]
    case .ruby:
      let lines = Self.lines { "\($0) |checksum:\($1.sha256.hexadecimal)\n" }
      return ["/info/thing": "---\n" + lines.joined()]
    case .pypi:
      let links = Self.lines { version, digests in
        let name = "thing-\(version).tar.gz"
        return "<a href=\"/files/\(name)#sha256=\(digests.sha256.hexadecimal)\">\(name)</a>\n"
      }
      return ["/thing/": "<!DOCTYPE html>\n<html><body>\n\(links.joined())</body></html>\n"]
    }
  }

  /// The media type of its documents, where that is looked at.
  var contentType: String { self == .pypi ? "text/html" : "application/octet-stream" }

  private static func lines(_ line: (String, AssetDigests) -> String) -> [String] {
    ["1.0.0", "2.0.0"].map { version in
      line(version, AssetDigests(of: bytes(version)))
    }
  }
}

extension AssetDigests {
  /// The digests of some bytes.
  fileprivate init(of bytes: [UInt8]) {
    self.init(
      md5: MD5Stream.digest(of: bytes.span),
      sha1: SHA1Stream.digest(of: bytes.span),
      sha256: SHA256Stream.digest(of: bytes.span),
      sha512: SHA512Stream.digest(of: bytes.span)
    )
  }
}
