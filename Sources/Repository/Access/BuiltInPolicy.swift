/// Policies that every installation has, by the names that AWS gives them.
///
/// Source: AWS managed policy reference. What they name of other services is left out: those are
/// not here.
package enum BuiltInPolicy: String, CaseIterable, Sendable {
  case administrator = "AdministratorAccess"
  case codeArtifactAdministrator = "AWSCodeArtifactAdminAccess"
  case codeArtifactReader = "AWSCodeArtifactReadOnlyAccess"

  package var document: String {
    switch self {
    case .administrator:
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}
      """
    case .codeArtifactAdministrator:
      """
      {"Version":"2012-10-17","Statement":[\
      {"Effect":"Allow","Action":["codeartifact:*"],"Resource":"*"},\
      {"Effect":"Allow","Action":"sts:GetServiceBearerToken","Resource":"*",\
      "Condition":{"StringEquals":{"sts:AWSServiceName":"codeartifact.amazonaws.com"}}}]}
      """
    case .codeArtifactReader:
      """
      {"Version":"2012-10-17","Statement":[\
      {"Effect":"Allow","Action":["codeartifact:Describe*","codeartifact:Get*",\
      "codeartifact:List*","codeartifact:ReadFromRepository"],"Resource":"*"},\
      {"Effect":"Allow","Action":"sts:GetServiceBearerToken","Resource":"*",\
      "Condition":{"StringEquals":{"sts:AWSServiceName":"codeartifact.amazonaws.com"}}}]}
      """
    }
  }
}
