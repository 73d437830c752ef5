/// The media types of files in a Maven repository.
package enum MavenContentType {
  /// The type by which a file of this name is sent.
  package static func of(_ name: String) -> String {
    let ending = name.lastIndex(of: ".").map { name[name.index(after: $0)...] } ?? ""
    return switch ending {
    case "jar", "war", "ear", "rar": "application/java-archive"
    case "pom", "xml": "application/xml"
    case "module", "json": "application/json"
    case "asc", "md5", "sha1", "sha256", "sha512", "sig": "text/plain"
    case "zip": "application/zip"
    case "gz", "tgz": "application/gzip"
    default: "application/octet-stream"
    }
  }
}
