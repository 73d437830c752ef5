import FormatRules
import Testing

@Suite("Maven project files")
struct ProjectObjectModelTests {
  @Test func `a project says what it is and what it needs`() throws {
    let project = try ProjectObjectModel(reading: MavenSamples.pom.bytes)
    #expect(project.name == "widget: the Widget")
    #expect(project.description == "Does what widgets do & more.")
    #expect(project.homePage == "https://acme.example/widget")
    #expect(project.sourceCodeRepository == "https://git.example/org.acme")
    #expect(project.licenses.map(\.name) == ["Apache-2.0", "MIT"])
    #expect(
      project.dependencies.map {
        "\($0.type) \($0.group ?? ""):\($0.artifact):\($0.version ?? "")"
      } == [
        "parent org.acme:parent:7", "compile org.other:lib:2.1", "test org.acme:core:1.0",
        "optional x:y:${unknown}", "provided org.managed:m:2.1",
      ]
    )
  }

  @Test func `the row keeps it in the API's own words`() throws {
    let metadata = try ProjectObjectModel(reading: MavenSamples.pom.bytes).metadata
    #expect(metadata["summary"]?.string == "Does what widgets do & more.")
    #expect(metadata["licenses"]?.array?.first?["url"]?.string == "https://l.example/a")
    let dependency = metadata["dependencies"]?.array?[1]
    #expect(dependency?["namespace"]?.string == "org.other")
    #expect(dependency?["package"]?.string == "lib")
    #expect(dependency?["dependencyType"]?.string == "compile")
    #expect(dependency?["versionRequirement"]?.string == "2.1")
    #expect(try ProjectObjectModel(reading: "<project/>".bytes).metadata == .object([]))
  }

  @Test func `properties that grow without end do not`() throws {
    var properties = "<a0>0123456789abcdef</a0>"
    for index in 1..<30 {
      let value = String(repeating: "${a\(index - 1)}", count: 20)
      properties += "<a\(index)>\(value)</a\(index)>"
    }
    let bomb = "<project><name>${a29}</name><properties>\(properties)</properties></project>"
    let project = try ProjectObjectModel(reading: bomb.bytes)
    #expect(project.name?.utf8.count ?? 0 < 1 << 20)
    let circle =
      "<project><name>${a}</name><properties><a>${b}</a><b>${a}</b></properties></project>"
    #expect(try ProjectObjectModel(reading: circle.bytes).name?.contains("${") == true)
  }

  @Test func `what is no project is refused`() {
    for text in ["", "<html/>", "<project>", "{}"] {
      #expect(throws: MalformedInput.self) { try ProjectObjectModel(reading: text.bytes) }
    }
    let long = [UInt8](repeating: 0x20, count: ProjectObjectModel.maximumByteCount + 1)
    #expect(throws: MalformedInput.self) { try ProjectObjectModel(reading: long) }
  }
}
