import ArchiveSamples
import Catalog
import Exchange
import HTTPTypes
import Testing

/// One version of one format, as its client publishes it, looks for it in lists and downloads it.
struct StatusSubject: Sendable, CustomTestStringConvertible {
  let package: PackageCoordinates
  let version: String
  /// The requests that publish it, in order.
  let uploads: [Upload]
  /// How many of them leave it unfinished; nil where versions of the format never are.
  var unfinishedAfter: Int?
  /// The document that lists versions; nil where the format has none.
  let list: String?
  /// Whether a list shows the version as one to be chosen.
  let isListed: @Sendable (String) -> Bool
  let file: String

  struct Upload: Sendable {
    let method: HTTPRequest.Method
    let path: String
    var type: String?
    let body: [UInt8]
  }

  var testDescription: String { package.format.rawValue }

  func address(_ path: String, in repository: String) -> String {
    "/\(package.format.rawValue)/d/my-domain-123456789012/\(repository)/\(path)"
  }

  static func all() throws -> [StatusSubject] {
    [
      cargo, generic, maven, npm, nuget, try pypi, ruby, swift,
    ]
  }

  private static let cargo = StatusSubject(
    package: PackageCoordinates(format: .cargo, name: "lab_leaf"),
    version: "0.1.0",
    uploads: [Upload(method: .put, path: "api/v1/crates/new", body: TestCrate().body)],
    list: "la/b_/lab_leaf",
    isListed: { $0.contains(#""yanked":false"#) },
    file: "api/v1/crates/Lab_Leaf/0.1.0/download"
  )

  private static let generic = StatusSubject(
    package: PackageCoordinates(format: .generic, namespace: "lab", name: "kit"),
    version: "1",
    uploads: [
      Upload(method: .put, path: "lab/kit/1/file?unfinished=true", body: [1, 2]),
      Upload(method: .put, path: "lab/kit/1/file", body: [1, 2]),
    ],
    unfinishedAfter: 1,
    list: nil,
    isListed: { _ in false },
    file: "lab/kit/1/file"
  )

  private static let maven = StatusSubject(
    package: PackageCoordinates(format: .maven, namespace: "org.acme", name: "widget"),
    version: "1.0",
    uploads: [
      Upload(method: .put, path: "org/acme/widget/1.0/widget-1.0.jar", body: [1, 2]),
      Upload(
        method: .put,
        path: "org/acme/widget/maven-metadata.xml",
        body: Array(
          """
          <metadata><groupId>org.acme</groupId><artifactId>widget</artifactId><versioning>\
          <versions><version>1.0</version></versions></versioning></metadata>
          """.utf8
        )
      ),
    ],
    unfinishedAfter: 1,
    list: "org/acme/widget/maven-metadata.xml",
    isListed: { $0.contains("<version>1.0</version>") },
    file: "org/acme/widget/1.0/widget-1.0.jar"
  )

  private static let npm = StatusSubject(
    package: PackageCoordinates(format: .npm, name: "tool"),
    version: "1.0.0",
    uploads: [
      Upload(
        method: .put,
        path: "tool",
        type: "application/json",
        body: NpmUpload("tool", "1.0.0").body
      )
    ],
    list: "tool",
    isListed: { $0.contains(#""version":"1.0.0""#) },
    file: "tool/-/tool-1.0.0.tgz"
  )

  private static let nuget = StatusSubject(
    package: PackageCoordinates(format: .nuget, name: "acme.core"),
    version: "1.0.0",
    uploads: [
      Upload(
        method: .put,
        path: "v3/package",
        type: "multipart/form-data; boundary=\"b\"",
        body: Array(
          "--b\r\nContent-Disposition: form-data; name=package; filename=package.nupkg\r\n\r\n".utf8
        )
          + TestZip([
            (
              "Acme.Core.nuspec",
              """
              <package><metadata><id>Acme.Core</id><version>1.0.0</version>\
              <description>d</description></metadata></package>
              """
            )
          ]).bytes + Array("\r\n--b--\r\n".utf8)
      )
    ],
    list: "v3/registration4/acme.core/index.json",
    isListed: { $0.contains(#""listed":true"#) },
    file: "v3/flatcontainer/acme.core/1.0.0/acme.core.1.0.0.nupkg"
  )

  private static var pypi: StatusSubject {
    get throws {
      let form = try TestForm.wheel()
      return StatusSubject(
        package: PackageCoordinates(format: .pypi, name: "demo-pkg"),
        version: "1.0.0",
        uploads: [Upload(method: .post, path: "", type: form.contentType, body: form.body)],
        list: "simple/demo-pkg/",
        isListed: { $0.contains(TestForm.wheelName) },
        file: "simple/demo-pkg/1.0.0/\(TestForm.wheelName)"
      )
    }
  }

  private static let ruby = StatusSubject(
    package: PackageCoordinates(format: .ruby, name: "a"),
    version: "1.0",
    uploads: [Upload(method: .post, path: "api/v1/gems", body: TestGem.bytes("a", "1.0"))],
    list: "info/a",
    isListed: { $0.contains("1.0 ") },
    file: "gems/a-1.0.gem"
  )

  private static let swift = StatusSubject(
    package: PackageCoordinates(format: .swift, namespace: "mona", name: "demo"),
    version: "1.0.0",
    uploads: [
      Upload(
        method: .put,
        path: "mona/demo/1.0.0",
        type: SwiftForm().contentType,
        body: SwiftForm().body
      )
    ],
    list: "mona/demo",
    isListed: { $0.contains(#""1.0.0""#) && !$0.contains("problem") },
    file: "mona/demo/1.0.0.zip"
  )
}
