import FormatRules
import Testing

@Suite("Names of distribution files")
struct DistributionFileNameTests {
  @Test func `a wheel's name has five parts`() throws {
    let name = try #require(DistributionFileName("Flask_Login-0.6.3-py3-none-any.whl"))
    #expect(name.project.normalized == "flask-login")
    #expect(name.version.spelling == "0.6.3")
    #expect(name.kind == .wheel(build: nil, python: "py3", abi: "none", platform: "any"))
    #expect(name.isWheel)
    #expect(name.uploadType == "bdist_wheel")
  }

  @Test func `a wheel's build tag is told apart`() throws {
    let name = try #require(
      DistributionFileName("torch-2.1.0+cu118-1local-cp311-cp311-manylinux_2_17_x86_64.whl")
    )
    #expect(name.version == PythonVersion("2.1.0+cu118"))
    #expect(
      name.kind
        == .wheel(build: "1local", python: "cp311", abi: "cp311", platform: "manylinux_2_17_x86_64")
    )
  }

  @Test(arguments: [
    ("demo-1.0.tar.gz", DistributionFileName.Archive.tarGzip), ("demo-1.0.zip", .zip),
    ("demo-1.0.tar.bz2", .tarBzip2), ("demo-1.0.tgz", .gzippedTar), ("demo-1.0.tar.xz", .tarXz),
    ("demo-1.0.tar.Z", .tarCompress), ("demo-1.0.tar", .tar),
  ])
  func `source distributions come in many archives`(
    text: String,
    archive: DistributionFileName.Archive
  ) {
    let name = DistributionFileName(text)
    #expect(name?.kind == .sourceDistribution(archive: archive))
    #expect(name?.version == PythonVersion("1.0"))
    #expect(name?.uploadType == "sdist")
  }

  @Test(arguments: [
    ("a-b-1.0.tar.gz", "a-b", "1.0"), ("a-b-1.0.tar.gz", "A_B", "1.0"),
    ("a-1-2.tar.gz", "a-1", "2"),
    ("a-1-2.tar.gz", "a", "1-2"), ("python-2-3-1.0.zip", "python-2-3", "1.0"),
    ("a-b-dev.tar.gz", "a", "b-dev"), ("zope.interface-4.0.tar.gz", "zope-interface", "4.0"),
  ])
  func `the project tells where the version begins`(file: String, project: String, version: String)
  {
    let name = DistributionFileName(file, project: ProjectName(project))
    #expect(name?.version.spelling == version)
  }

  @Test(arguments: [
    ("a-b-1.0.tar.gz", "a-b", "1.0"), ("a-b-1.0-2.tar.gz", "a-b-1.0", "2"),
    ("a-dev.tar.gz", "a", "dev"),
  ])
  func `without it the last dash before a digit counts`(
    file: String,
    project: String,
    version: String
  ) {
    let name = DistributionFileName(file)
    #expect(name?.project.normalized == ProjectName(project)?.normalized)
    #expect(name?.version.spelling == version)
  }

  @Test func `eggs are understood`() throws {
    let name = try #require(DistributionFileName("demo-1.0-py2.7-linux-x86_64.egg"))
    #expect(name.kind == .egg(python: "py2.7", platform: "linux-x86_64"))
    #expect(DistributionFileName("demo-1.0.egg")?.kind == .egg(python: nil, platform: nil))
  }

  @Test(arguments: [
    "", "demo", "demo.whl", "demo-1.0.whl", "demo-1.0-py3-none.whl", "demo-1.0-x-py3-none-any.whl",
    "demo--py3-none-any.whl", "demo-1.0.exe", "demo.tar.gz", "../demo-1.0.tar.gz", "demo-1.0\n.zip",
    "a/b-1.0.zip", "a\\b-1.0.zip", "-1.0.tar.gz", "demo-.zip", "démo-1.0.zip", ".whl", ".tar.gz",
    "-.egg",
  ])
  func `other names are refused`(text: String) {
    #expect(DistributionFileName(text) == nil)
  }

  @Test func `a file of another project is refused`() throws {
    let project = try #require(ProjectName("demo"))
    #expect(DistributionFileName("other-1.0-py3-none-any.whl", project: project) == nil)
    #expect(DistributionFileName("other-1.0.tar.gz", project: project) == nil)
  }
}
