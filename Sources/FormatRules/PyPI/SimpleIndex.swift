/// The list of projects at the root of a simple index (PEPs 503 and 691).
package struct SimpleIndex: Hashable, Sendable {
  /// The projects' names in the page's order.
  package var projects: [String]

  package init(projects: [String]) {
    self.projects = projects
  }

  /// Writes the list in the JSON representation.
  package func renderJSON() -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.name("meta")
    writer.beginObject()
    writer.name("api-version")
    writer.string(SimplePage.writtenVersion)
    writer.endObject()
    writer.name("projects")
    writer.beginArray()
    for project in projects {
      writer.beginObject()
      writer.name("name")
      writer.string(project)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
    return writer.bytes
  }

  /// Writes the list in the HTML representation, each project a link to its page by normal name.
  package func renderHTML() -> [UInt8] {
    var page = HTMLPage(title: "Simple index")
    page.beginBody()
    for project in projects {
      page.anchor(project, href: ProjectName.normalize(project) + "/")
    }
    return page.finish()
  }
}
