import Access
import Catalog
import Exchange
import FormatRules
import Repository

extension CodeArtifactAPI {
  func tagResource(_ call: inout Call) async throws(Fault) -> JSONValue {
    let name = call.input.required("resourceArn", member: "resourceArn", .arn)
    let tags = call.tags(isRequired: true)
    try call.input.finish()
    let (resource, arn) = try self.resource(name)
    try await authorize(call, to: .tagResource, on: arn)
    try await depotCall { () throws(RepositoryError) in
      try await depot.tag(resource, with: tags)
    }
    return .object([])
  }

  func untagResource(_ call: inout Call) async throws(Fault) -> JSONValue {
    let name = call.input.required("resourceArn", member: "resourceArn", .arn)
    let keys = call.input.strings(body: "tagKeys", upTo: 200, .tagKey)
    for key in keys { call.context.requestTags.updateValue(nil, forKey: key) }
    try call.input.finish()
    let (resource, arn) = try self.resource(name)
    try await authorize(call, to: .untagResource, on: arn)
    try await depotCall { () throws(RepositoryError) in
      try await depot.untag(resource, keys)
    }
    return .object([])
  }

  func listTagsForResource(_ call: inout Call) async throws(Fault) -> JSONValue {
    let name = call.input.required("resourceArn", member: "resourceArn", .arn)
    try call.input.finish()
    let (resource, arn) = try self.resource(name)
    try await authorize(call, to: .listTagsForResource, on: arn)
    let tags = try await depotCall { () throws(RepositoryError) in
      try await depot.tags(of: resource)
    }
    let items = tags.map { tag in
      JSONValue.members(["key": .string(tag.key), "value": .string(tag.value)])
    }
    return .members(["tags": .array(items)])
  }

  /// Whoever creates something with tags must be allowed to tag it.
  func authorizeTags(_ tags: [Tag], on resource: ARN, by call: Call) async throws(Fault) {
    guard !tags.isEmpty else { return }
    try await authorize(call, to: .tagResource, on: resource)
  }

  private func resource(_ name: String) throws(Fault) -> (TaggedResource, ARN?) {
    do throws(RepositoryError) {
      return (try TaggedResource(name, region: region), ARN(name))
    } catch { throw Fault(error) }
  }
}
